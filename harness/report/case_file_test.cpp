#include "harness/report/case_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rapidcheck/Random.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/generate/generate.hpp"
#include "harness/program/text.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts {
namespace {

class CaseFileTest : public testing::Test {
 protected:
  CaseFileTest() : directory_(testing::TempDir() + fmt::format("ffi-cts-case-file-{}", getpid())) {}
  ~CaseFileTest() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& text) const {
    std::filesystem::create_directories(directory_);
    std::string path = directory_ + "/a.case";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // What load_case says of such a text, without the path before it.
  std::string mistake(const std::string& text) const {
    std::string path = write(text);
    try {
      load_case(path);
    } catch (const CaseError& error) {
      std::string what = error.what();
      return what.starts_with(path) ? what.substr(path.size()) : what;
    }
    return "none";
  }

  std::string directory_;
};

const std::string head = "ffi-cts case 1\nlibrary libfoo.so\ninterface foo.toml\nrule EVT-9\n";
const std::string program = "program\n  A  c1 = create\n";

CaseFile example() {
  CaseFile file;
  file.library = "/opt/libfoo.so";
  file.library_hash = "00c3f1d2a9b84e57";
  file.interface_file = "/opt/foo.toml";
  file.rule = "EVT-9";
  file.seed = ~std::uint64_t{0};
  file.case_number = 118;
  file.tries = 24;
  file.program = parse_program("A  c1 = create\nA  l1 = listen c1 event { remove l1 }\nA  r1 = request c1 emit\n");
  return file;
}

void expect_equal(const CaseFile& a, const CaseFile& b) {
  EXPECT_EQ(a.library, b.library);
  EXPECT_EQ(a.library_hash, b.library_hash);
  EXPECT_EQ(a.interface_file, b.interface_file);
  EXPECT_EQ(a.rule, b.rule);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.case_number, b.case_number);
  EXPECT_EQ(a.tries, b.tries);
  EXPECT_EQ(a.history, b.history);
  EXPECT_EQ(to_text(a.program), to_text(b.program));
  EXPECT_EQ(a.program, b.program);
}

TEST_F(CaseFileTest, A_saved_case_is_loaded_as_it_was) {
  CaseFile file = example();
  file.history = {{parse_program("program fresh_threads\nA  c1 = create\nB  destroy c1\n"), 1}, {file.program, 169}};
  expect_equal(load_case(save_case(directory_, file)), file);
}

TEST_F(CaseFileTest, Odd_paths_come_back_as_they_were) {
  CaseFile file = example();
  file.library = " a b\\n\n\r# \\";
  file.interface_file = "";
  file.library_hash = "";
  expect_equal(load_case(save_case(directory_, file)), file);
}

TEST_F(CaseFileTest, Programs_by_chance_come_back_as_they_were) {
  Interface interface = parse_interface(toy_interface, "toy.toml");
  rc::Random random(7);
  for (int i = 0; i < 200; ++i) {
    // As workers run them: the text leaves out what a step does not use.
    auto any = [&] {
      return parse_program(
          to_text(programs(interface, applicable_features(interface), {})(random.split(), 100).value()));
    };
    CaseFile file = example();
    file.program = any();
    for (int before = i % 4; before > 0; --before) file.history.emplace_back(any(), before);
    expect_equal(load_case(save_case(directory_, file)), file);
    if (HasFailure()) FAIL() << to_text(file.program);
  }
}

TEST_F(CaseFileTest, Its_name_is_the_rule_and_a_hash_of_the_program) {
  CaseFile file = example(), other = example();
  other.program = parse_program("A  c1 = create\n");
  std::string path = save_case(directory_ + "/made/for it", file);
  EXPECT_THAT(path, testing::MatchesRegex(".*/made/for it/EVT-9-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]\\.case"));
  EXPECT_EQ(path, save_case(directory_ + "/made/for it", file));
  EXPECT_NE(path, save_case(directory_ + "/made/for it", other));
}

TEST_F(CaseFileTest, It_reads_as_the_header_says) {
  std::ifstream in(save_case(directory_, example()));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(
      text,
      "ffi-cts case 1\nlibrary /opt/libfoo.so\nlibrary_hash 00c3f1d2a9b84e57\ninterface /opt/foo.toml\nrule EVT-9\n"
      "worker plain\nseed 18446744073709551615\ncase 118\ntries 24\n\nprogram\n  A  c1 = create\n"
      "  A  l1 = listen c1 event { remove l1 }\n  A  r1 = request c1 emit\n");
}

TEST_F(CaseFileTest, Comments_blank_lines_and_carriage_returns_are_no_mistake) {
  CaseFile file =
      load_case(write("ffi-cts case 1\r\n# why\r\n\r\nlibrary l\r\ninterface i\r\nrule REQ-1\r\nprogram\r\n  A  c1 = "
                      "create\r\n\r\n# and\r\n  A  destroy c1\r\n"));
  EXPECT_EQ(file.library, "l");
  EXPECT_EQ(count_steps(file.program), 2);
  EXPECT_EQ(file.tries, 1);
}

TEST_F(CaseFileTest, A_worker_is_told_and_one_of_no_known_kind_is_a_mistake) {
  CaseFile file = example();
  file.worker = "tsan";
  EXPECT_EQ(load_case(save_case(directory_, file)).worker, "tsan");
  EXPECT_EQ(mistake(head + "worker msan\n"), ":5: \"msan\" is no worker (there are plain, asan and tsan)");
}

TEST_F(CaseFileTest, Another_version_is_said_so) {
  EXPECT_EQ(mistake("ffi-cts case 2\nwhatever\n"), ":1: a case file of version 2; this ffi-cts reads version 1");
}

TEST_F(CaseFileTest, Each_mistake_is_said_with_its_line) {
  const std::string no_case_file = ":1: not a case file: its first line is not \"ffi-cts case 1\"";
  EXPECT_EQ(mistake(""), no_case_file);
  EXPECT_EQ(mistake("\x7f"
                    "ELF\n"),
            no_case_file);
  EXPECT_EQ(mistake("ffi-cts case one\n"), no_case_file);
  EXPECT_EQ(mistake("ffi-cts case 1\n"), ":1: the library is missing");
  EXPECT_EQ(mistake(head), ":4: the program is missing");
  EXPECT_EQ(mistake("ffi-cts case 1\nlibrary l\nrule EVT-9\n" + program), ":5: the interface is missing");
  EXPECT_EQ(mistake(head + "color red\n" + program), ":5: \"color\" is no key of a case file");
  EXPECT_EQ(mistake(head + "rule EVT-9\n" + program), ":5: a second rule");
  EXPECT_EQ(mistake("ffi-cts case 1\nrule EVT-999\n"), ":2: the spec has no rule \"EVT-999\"");
  EXPECT_EQ(mistake(head + "seed -1\n"), ":5: seed takes a whole number, not \"-1\"");
  EXPECT_EQ(mistake(head + "case 99999999999999999999\n"),
            ":5: case takes a whole number, not \"99999999999999999999\"");
  EXPECT_EQ(mistake(head + "tries 0\n"), ":5: tries takes a number from 1 to 1000000, not \"0\"");
  EXPECT_EQ(mistake("ffi-cts case 1\nlibrary a\\b\n"),
            ":2: library: after a backslash comes n, r or another backslash");
  EXPECT_EQ(mistake(head + "  A  c1 = create\n"), ":5: an indented line outside a section");
}

TEST_F(CaseFileTest, Each_mistake_in_a_section_is_said_with_the_line_of_the_file) {
  EXPECT_EQ(mistake(head + "history\n" + program), ":5: a history says how often it runs: \"history x1\"");
  EXPECT_EQ(mistake(head + "history x0\n" + program), ":5: history takes a number from 1 to 1000000, not \"0\"");
  EXPECT_EQ(mistake(head + program + program), ":7: a second program");
  EXPECT_EQ(mistake(head + "program one\n"), ":5: \"program\" stands alone on its line");
  EXPECT_EQ(mistake(head + program + "\n  A  dance c1\n"), ":8: \"dance\" is no step");
  EXPECT_EQ(mistake(head + "history x2\n  A  c1 = create\n  E  destroy c1\n" + program),
            ":7: \"E\" is no host thread (A to D)");
  EXPECT_THAT(mistake(head + program + "  A  destroy c2\n"), testing::StartsWith(":7: a step refers to a name"));
}

TEST_F(CaseFileTest, A_file_or_directory_that_cannot_be_used_is_named) {
  EXPECT_EQ(mistake("ffi-cts case 1\n"), ":1: the library is missing");
  std::string path = directory_ + "/none.case";
  EXPECT_THROW(
      {
        try {
          load_case(path);
        } catch (const CaseError& error) {
          EXPECT_EQ(error.what(), path + ": cannot be read");
          throw;
        }
      },
      CaseError);
  EXPECT_THROW(load_case(directory_), CaseError);
  EXPECT_THROW(save_case(directory_ + "/a.case", example()), CaseError);  // a file stands there
}

TEST_F(CaseFileTest, The_hash_of_a_file_is_FNV_1a_of_its_bytes) {
  EXPECT_EQ(hash_of_file(write("")), "cbf29ce484222325");
  EXPECT_EQ(hash_of_file(write("foobar")), "85944171f73967e8");
  EXPECT_EQ(hash_of_file(directory_ + "/none"), "");
}

}  // namespace
}  // namespace ffi_cts
