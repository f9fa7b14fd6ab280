// Every example of the chapter on interface files is a complete file that loads.
#include <fstream>
#include <vector>

#include <gmock/gmock.h>

#include "harness/interface/interface.hpp"

namespace ffi_cts {
namespace {

struct Block {
  int line;  // of its first line in the chapter
  std::string text;
};

std::vector<Block> toml_blocks(const std::string& file) {
  std::vector<Block> out;
  std::ifstream in(file);
  std::string line;
  bool inside = false;
  for (int number = 1; std::getline(in, line); ++number) {
    if (!inside && line == "```toml") {
      inside = true;
      out.push_back({number + 1, ""});
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      out.back().text += line + "\n";
    }
  }
  return out;
}

TEST(TheChapterOnInterfaceFiles, HoldsOnlyExamplesThatLoad) {
  const auto blocks = toml_blocks(FFI_CTS_SOURCE_DIR "/spec/interface.md");
  EXPECT_GE(blocks.size(), 8u) << "spec/interface.md has a complete file for every departure";
  for (const auto& [line, text] : blocks) {
    try {
      EXPECT_FALSE(parse_interface(text, "block").symbols().empty());
    } catch (const InterfaceError& error) {
      ADD_FAILURE() << "spec/interface.md, the block from line " << line << ": " << error.what();
    }
  }
}

}  // namespace
}  // namespace ffi_cts
