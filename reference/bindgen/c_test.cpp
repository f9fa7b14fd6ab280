// What the C header says, and what bindgen refuses.
#include <gmock/gmock.h>

#include <filesystem>

#include "reference/bindgen/bindgen.hpp"
#include "reference/bindgen/c.hpp"
#include "reference/bindgen/c_types.hpp"
#include "reference/bindgen/cddl.hpp"
#include "reference/bindgen/text.hpp"
#include "reference/bindgen/trial.hpp"

namespace ffi_cts::bindgen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class CHeader : public testing::Test {
 protected:
  static std::string of(const std::string& interface_file) {
    const Interface interface = load_interface(interface_file);
    return emit_c(Model(interface)).at(0).text;
  }
  const std::string thirty_ = of(testdata("thirty.toml"));
};

TEST_F(CHeader, has_the_structs_in_the_schemas_order_each_behind_those_it_holds) {
  EXPECT_THAT(thirty_, HasSubstr("struct Part {\n  uint64_t id;\n  int note_present;\n  const char *note;"));
  EXPECT_THAT(thirty_, HasSubstr("struct Shelf {\n  const Part *parts;\n  size_t parts_len;\n  int label_present;"));
  EXPECT_THAT(thirty_, HasSubstr("struct Tree {\n  const Tree *children;\n  size_t children_len;\n"));
  EXPECT_LT(thirty_.find("struct Hall {"), thirty_.find("struct Site {"));
  EXPECT_THAT(thirty_, HasSubstr("  const char *colour; /* \"red\" / \"green\" / \"what? ?!\" */\n"));
}

TEST_F(CHeader, has_both_variants_with_the_symbols_of_the_interface_file) {
  EXPECT_THAT(thirty_, HasSubstr("\nvoid *thirty_open(Owner config, int64_t level, FFICallBack callback, void *userData);\n"));
  EXPECT_THAT(thirty_, HasSubstr("\nvoid *thirty_open_cbor(const uint8_t *req, size_t reqLen, FFICallBack callback, void *userData);\n"));
  EXPECT_THAT(thirty_, HasSubstr("\nint thirty_ask(void *ctx, FFICallBack callback, void *userData, Asked asked);\n"));
  EXPECT_THAT(thirty_, HasSubstr("\nint thirty_version(FFICallBack callback, void *userData);\n"));
  EXPECT_THAT(thirty_, HasSubstr("\nint thirty_version_cbor(FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen);\n"));
  EXPECT_THAT(thirty_, HasSubstr("\nint thirty_directly(void *ctx, FFICallBack callback, void *userData, Flags flags);\n"));
  EXPECT_THAT(thirty_, Not(HasSubstr("thirty_direct_cbor(")));
  EXPECT_THAT(thirty_, Not(HasSubstr("thirty_wire(")));
  EXPECT_THAT(thirty_, HasSubstr("\nint thirty_close(void *ctx);\n"));
  EXPECT_THAT(thirty_, HasSubstr("\nint thirty_answer(void *ctx, uint64_t callId, int ret, const char *msg, size_t len);\n"));
}

TEST_F(CHeader, says_why_a_proc_has_no_native_variant_and_what_is_replied) {
  EXPECT_THAT(thirty_, HasSubstr(" *   replies [* Part]\n *   no native variant: parameter parts: a list as a parameter */\nint thirty_lists_cbor("));
  EXPECT_THAT(thirty_, HasSubstr(" *   replies Answer; natively a const Answer *, len = sizeof(Answer) */\nint thirty_ask("));
  EXPECT_THAT(thirty_, HasSubstr(" *   \"counted\": { total: uint, by: [* Tag] } */\n"));
}

TEST_F(CHeader, takes_the_structs_of_events_and_host_functions_in) {
  for (const char* name : {"struct Event {", "struct counted_payload {", "struct Row {", "struct Hall {"}) EXPECT_THAT(thirty_, HasSubstr(name));
}

TEST_F(CHeader, leaves_out_what_the_library_lacks) {
  Directory directory;
  directory.write("x.cddl", "T = { a: int }\n");
  const std::string text = of(directory.write("x.toml", "[library]\nname = \"x\"\nschema = \"x.cddl\"\n[constructor]\nname = \"create\"\n"
                                                        "[contract]\ncallbacks = \"replies and events on a thread each\"\n[roles.create]\nrequest = {}\n"));
  EXPECT_THAT(text, Not(HasSubstr("listener")));
  EXPECT_THAT(text, Not(HasSubstr("host function")));
  EXPECT_THAT(text, Not(HasSubstr("PREFIXED")));
  EXPECT_THAT(text, HasSubstr("one for replies and one for events"));
}

TEST(CText, comments_cannot_be_ended_by_what_they_quote) {
  EXPECT_EQ(comment_text("a*/b /*c\n**/ ?\?/"), "a* /b / *c ** / ? ?/");
}

TEST(CText, breaks_lines_behind_its_separator) {
  const std::string word(60, 'x');
  EXPECT_EQ(wrapped("f(" + word + ", " + word + ")", ",", "  "), "f(" + word + ",\n  " + word + ")");
  EXPECT_EQ(wrapped("a, b c", ",", "  "), "a, b c");
}

TEST(CddlText, reads_as_what_it_was_made_of) {
  const char* const all[] = {"{ a: tstr, ? b: 0..9, \"9 c\": bstr .size (1..8) }", "[* T]", "[+ int]", "[tstr, T]", "tstr / nil", "\"a\\\"\" / 5 / -3 / true", "T", "(uint / nint) / any", "{ }"};
  const auto schema = schema::Schema::parse("T = float", "x.cddl");
  for (const char* text : all) EXPECT_EQ(cddl_text(*schema.parse_type(text, "x.toml", 1)), text);
}

TEST(Generate, writes_the_authors_files_once_and_the_others_anew) {
  Directory directory;
  const std::string out = directory.file("a/b");
  EXPECT_THAT(bindgen::generate(testdata("thirty.toml"), "c", out), ElementsAre(out + "/thirty.h", out + "/thirty_cbor.h"));
  const std::string first = read_file(out + "/thirty.h");
  directory.write("a/b/thirty.h", "mine");
  bindgen::generate(testdata("thirty.toml"), "c", out);
  EXPECT_EQ(read_file(out + "/thirty.h"), first);

  const std::vector<File> files = {{"author.txt", "theirs", true}, {"made.txt", "new"}};
  directory.write("author.txt", "mine");
  EXPECT_THAT(write_files(files, directory.path()), ElementsAre(directory.file("made.txt")));
  EXPECT_EQ(read_file(directory.file("author.txt")), "mine");
}

TEST(Generate, refuses_with_one_line) {
  const auto refused = [](const std::string& file, const std::string& language, const std::string& out) -> std::string {
    try {
      bindgen::generate(file, language, out);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "it was written";
  };
  Directory directory;
  const std::string bare = directory.write("x.toml", "[library]\nname = \"x\"\n[constructor]\nname = \"create\"\n[roles.create]\nrequest = {}\n");
  EXPECT_EQ(refused(bare, "c", directory.file("o")), bare + ": library.schema: bindings need types, and no schema is named");
  EXPECT_THAT(refused(testdata("thirty.toml"), "cobol", directory.file("o")), HasSubstr("cobol: no such language (there are: c"));
  EXPECT_THAT(refused(testdata("thirty.toml"), "c", bare), HasSubstr("x.toml: cannot be written: "));
  EXPECT_THAT(refused(directory.file("none.toml"), "c", directory.file("o")), HasSubstr("none.toml: cannot be read"));
  EXPECT_FALSE(std::filesystem::exists(directory.file("o")));
}

}  // namespace
}  // namespace ffi_cts::bindgen
