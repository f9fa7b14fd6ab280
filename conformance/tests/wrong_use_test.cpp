// Wrong use: one clear line on standard error, exit code 2, and nothing else.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "conformance/tests/command.hpp"
#include "conformance/tests/files.hpp"

namespace ffi_cts::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class WrongUse : public testing::Test {
 protected:
  // The one line. `names`: what it must name.
  std::string refused(std::vector<std::string> arguments, const std::vector<std::string>& names) {
    Outcome outcome = Command(std::move(arguments)).in(directory_.path()).run();
    EXPECT_EQ(outcome.code, 2) << outcome;
    EXPECT_EQ(outcome.out, "") << outcome;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome;
    EXPECT_LT(outcome.err.size(), 400u) << outcome;
    EXPECT_THAT(outcome.err, StartsWith("ffi-cts: "));
    for (const std::string& name : names) EXPECT_THAT(outcome.err, HasSubstr(name)) << outcome;
    EXPECT_TRUE(!std::filesystem::exists(directory_.file("ffi-cts-cases"))) << outcome;
    return outcome.err;
  }

  // The probe, judged by an interface file that says so.
  std::string interface_refused(const std::string& toml, const std::vector<std::string>& names) {
    std::filesystem::copy_file(library("probe.cddl"), directory_.file("probe.cddl"),
                               std::filesystem::copy_options::overwrite_existing);
    directory_.write("odd.toml", toml);
    return refused({"run", library("libprobe.so"), "--interface", "odd.toml"}, names);
  }

  // A library of these bytes, with the probe's interface file.
  std::string library_refused(const std::string& bytes, const std::vector<std::string>& names) {
    directory_.write("libodd.so", bytes);
    return refused({"run", "libodd.so", "--interface", library("probe.toml")}, names);
  }

  static std::string probe_toml() { return read_file(library("probe.toml")); }

  // The probe's file with another number in a two-byte field of its ELF header.
  static std::string probe_with(std::size_t offset, char value) {
    std::string bytes = read_file(library("libprobe.so"));
    bytes.at(offset) = value;
    bytes.at(offset + 1) = 0;
    return bytes;
  }

  Directory directory_;
};

constexpr std::size_t elf_type = 16, elf_machine = 18;
constexpr char relocatable = 1, executable = 2, s390 = 22;

TEST_F(WrongUse, A_library_that_does_not_exist) {
  refused({"run", "/nowhere/libx.so"}, {"/nowhere/libx.so", "no such file"});
}

TEST_F(WrongUse, A_library_without_an_interface_file) {
  std::filesystem::copy_file(library("libprobe.so"), directory_.file("liblonely.so"));
  refused({"run", directory_.file("liblonely.so")}, {directory_.file("lonely.toml")});
}

TEST_F(WrongUse, A_library_that_is_a_text_a_directory_or_nothing) {
  library_refused("no library\n", {"libodd.so", "not a shared library"});
  library_refused("", {"libodd.so", "not a shared library"});
  refused({"run", directory_.path(), "--interface", library("probe.toml")},
          {directory_.path(), "not a shared library"});
}

TEST_F(WrongUse, A_library_that_is_an_object_file_or_a_program) {
  library_refused(probe_with(elf_type, relocatable), {"libodd.so", "not a shared library"});
  library_refused(probe_with(elf_type, executable), {"libodd.so", "not a shared library"});
  refused({"run", FFI_CTS_PROGRAM, "--interface", library("probe.toml")}, {FFI_CTS_PROGRAM, "probe_create_cbor"});
}

TEST_F(WrongUse, A_library_for_another_machine) {
  library_refused(probe_with(elf_machine, s390), {"libodd.so", "another kind of machine"});
}

TEST_F(WrongUse, A_library_that_is_cut_off) {
  std::string bytes = read_file(library("libprobe.so"));
  library_refused(bytes.substr(0, 40), {"libodd.so", "not a shared library"});
  library_refused(bytes.substr(0, bytes.size() / 2), {"libodd.so"});
}

TEST_F(WrongUse, A_library_that_the_loader_refuses) {
  // Its program headers are said to lie beyond its end; the sections, and so the exported symbols, are as they were.
  std::string bytes = read_file(library("libprobe.so"));
  bytes.replace(32, 8, std::string("\0\0\0\x10\0\0\0\0", 8));
  library_refused(bytes, {"libodd.so", "cannot be loaded"});
}

// What else the library lacks is its breach of LOAD-1.
TEST_F(WrongUse, A_library_without_the_constructor_or_the_destroy_that_the_interface_file_names) {
  interface_refused(probe_toml() + "\n[symbols]\ncreate = { cbor = \"probe_make\" }\n",
                    {"probe_make", "odd.toml", "libprobe.so"});
  interface_refused(probe_toml() + "\n[symbols]\ndestroy = \"probe_end\"\n", {"probe_end", "odd.toml", "libprobe.so"});
}

TEST_F(WrongUse, An_interface_file_that_is_no_TOML) {
  interface_refused("[library]\nname = \n", {"odd.toml:2:"});
}

TEST_F(WrongUse, An_interface_file_that_is_empty_or_missing) {
  interface_refused("", {"odd.toml"});
  refused({"run", library("libprobe.so"), "--interface", "nowhere.toml"}, {"nowhere.toml"});
}

TEST_F(WrongUse, A_key_that_interface_files_do_not_have) {
  interface_refused("[library]\ncolour = \"red\"\n" + changed(probe_toml(), "[library]\n", ""),
                    {":2:", "colour", "odd.toml"});
}

TEST_F(WrongUse, A_role_that_names_no_proc) {
  interface_refused(changed(probe_toml(), "proc    = \"fail\"", "proc    = \"nosuch\""), {"odd.toml:", "nosuch"});
}

TEST_F(WrongUse, A_rule_that_the_spec_lacks_or_that_has_no_judge_yet) {
  refused({"run", "--rule", "EVT-999"}, {"EVT-999"});
  refused({"run", "--rule", "XYZ"}, {"XYZ"});
  refused({"run", "--rule", "EVT-1", "--rule", "evt"}, {"evt"});
  refused({"run", "--rule", "OBL-2"}, {"OBL-2", "no judge"});
  refused({"explain", "NOPE"}, {"NOPE", "no such rule"});
}

TEST_F(WrongUse, Options_and_commands_that_do_not_exist) {
  refused({"run", "--frobnicate"}, {"--frobnicate"});
  refused({"run", "--frobnicate", "3", "--quiet", "4"}, {"run has no option --frobnicate", "run --help"});
  refused({"peer", "--frobnicate=3", "--", "/bin/cat", "--dialect", "plain"}, {"peer has no option --frobnicate"});
  refused({"frobnicate"}, {"frobnicate"});
  refused({}, {"subcommand"});
  refused({"explain"}, {"RULE"});
  refused({"replay"}, {"CASE"});
  refused({"list", "everything"}, {"everything"});
  refused({"run", "one.so", "two.so"}, {"two.so"});
}

TEST_F(WrongUse, Values_that_options_cannot_take) {
  refused({"run", "--cases", "many"}, {"--cases", "many"});
  refused({"run", "--cases", "-1"}, {"--cases"});
  refused({"run", "--time", "3 weeks"}, {"3 weeks"});
  refused({"run", "--time", "nan"}, {"nan"});
  refused({"run", "--timeout", "0"}, {"\"0\""});
  refused({"run", "--color", "purple"}, {"--color", "purple"});
  refused({"replay", "x.case", "--repeat", "0"}, {"--repeat", "0"});
  refused({"list", "faulty", "--only", "XYZ"}, {"XYZ"});
}

TEST_F(WrongUse, A_case_file_of_another_version_or_of_none) {
  refused({"replay", directory_.write("new.case", "ffi-cts case 2\nlibrary x\n")},
          {"new.case", "version 2", "version 1"});
  refused({"replay", directory_.write("odd.case", "Dear diary\n")}, {"odd.case", "not a case file"});
  refused({"replay", "nowhere.case"}, {"nowhere.case"});
}

TEST_F(WrongUse, A_case_file_with_a_mistake_in_its_program_or_a_library_that_is_gone) {
  std::string head = "ffi-cts case 1\nlibrary /nowhere/libx.so\ninterface " + library("probe.toml") + "\nrule EVT-9\n";
  refused({"replay", directory_.write("gone.case", head + "program\n  A  c1 = create\n")},
          {"/nowhere/libx.so", "no such file"});
  refused({"replay", directory_.write("odd.case", head + "program\n  A  c1 = juggle\n")}, {"odd.case:6:", "juggle"});
}

TEST_F(WrongUse, Bindings_in_a_language_that_there_is_none_for_or_without_a_schema) {
  refused({"bindgen", "--interface", library("probe.toml"), "--lang", "cobol", "--out", "o"}, {"cobol", "no such language", "there are: c"});
  directory_.write("odd.toml", "[library]\nname = \"odd\"\n[constructor]\nname = \"create\"\n[roles.create]\nrequest = {}\n");
  refused({"bindgen", "--interface", "odd.toml", "--lang", "c", "--out", "o"}, {"odd.toml", "library.schema"});
  refused({"bindgen", "--interface", "nowhere.toml", "--lang", "c", "--out", "o"}, {"nowhere.toml"});
  refused({"bindgen", "--lang", "c", "--out", "o"}, {"--interface"});
  EXPECT_FALSE(std::filesystem::exists(directory_.file("o")));
}

TEST_F(WrongUse, Bindings_to_a_place_that_cannot_be_written) {
  directory_.write("file", "");
  refused({"bindgen", "--interface", library("probe.toml"), "--lang", "c", "--out", "file"}, {"file", "Not a directory"});
  refused({"bindgen", "--interface", library("probe.toml"), "--lang", "c", "--out", "/proc/nowhere"}, {"/proc/nowhere", "cannot be written"});
  std::filesystem::create_directories(directory_.file("o/probe.h"));
  refused({"bindgen", "--interface", library("probe.toml"), "--lang", "c", "--out", "o"}, {"o/probe.h", "cannot be written"});
}

}  // namespace
}  // namespace ffi_cts::tests
