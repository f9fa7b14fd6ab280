// 500 random schemas: their structs lie as the native view says, by the C compiler's word.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
#include <sstream>

#include "reference/bindgen/c_types.hpp"
#include "reference/bindgen/trial.hpp"

namespace ffi_cts::bindgen {
namespace {

constexpr int schemas = 500;

// Random types; the number of the schema is in their names, so that all headers fit into one program.
class Schemas {
 public:
  explicit Schemas(int number) : random_(static_cast<unsigned>(number)), number_(number) {}

  std::string cddl() {
    types_ = 1 + below(6);
    std::string out = fmt::format("Mode{0} = \"a\" / \"b\"\nRange{0} = -5..70\n", number_);
    for (int i = 0; i < types_; ++i) out += fmt::format("{} = {}\n", name(i), map(i, 0));
    return out;
  }
  std::string toml() {
    std::string out = fmt::format("[library]\nname = \"s{0}\"\nschema = \"s{0}.cddl\"\n[constructor]\nname = \"create\"\n", number_);
    for (int i = 0; i < types_; ++i)
      out += fmt::format("[[proc]]\nname = \"call{}\"\nparams = [{{ name = \"it\", type = \"{}\" }}, {{ name = \"n\", type = \"{}\" }}]\n", i, name(i), scalar());
    return out + "[roles.create]\nrequest = {}\n";
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string name(int i) const { return fmt::format("T{}_{}", number_, i); }

  std::string scalar() {
    const std::string all[] = {"tstr", "bstr", "int", "uint", "nint", "bool", "float", "0..9", "bstr .size 4", fmt::format("Mode{}", number_), fmt::format("Range{}", number_)};
    return all[below(std::size(all))];
  }
  // Types before `before` may be held; lists may be of any.
  std::string type(int before, int depth) {
    switch (below(10)) {
      case 0:
      case 1: return before > 0 ? name(below(before)) : scalar();
      case 2: return fmt::format("[* {}]", name(below(types_)));
      case 3: return fmt::format("[+ {}]", below(2) ? "tstr" : below(2) ? "bool" : "float");
      case 4: return depth < 2 ? map(before, depth + 1) : scalar();
      default: return scalar();
    }
  }
  std::string map(int before, int depth) {
    static const char* const words[] = {"class", "int", "size_t", "a b", "9", "len", "x-y", "errno", "not_eq"};
    std::string out = "{";
    const int members = 1 + below(7);
    for (int i = 0; i < members; ++i) {
      std::string key = fmt::format("m{}", i);
      if (below(8) == 0) key = fmt::format("\"{}\"", words[below(std::size(words))]);
      if (below(12) == 0 && before > 0) key = name(below(before));
      if (out.find(" " + key + ":") != std::string::npos) continue;
      const int optional = below(6);
      out += fmt::format("{}{} {}: {}{}", out.size() > 1 ? "," : "", optional == 0 ? " ?" : "", key, type(before, depth), optional == 1 ? " / nil" : "");
    }
    return out + " }";
  }

  std::mt19937 random_;
  int number_, types_ = 0;
};

// "s3 T3_1 m2_len 24": a member's place, and under an empty name the struct's size.
void expect_layout(const native::View& view, const std::string& lib, std::vector<std::string>& due, std::string& facts) {
  const auto fact = [&](const std::string& name, const std::string& measure, std::size_t number) {
    due.push_back(fmt::format("{} {} {}", lib, name, number));
    facts += fmt::format("  {{\"{} {}\", {}}},\n", lib, name, measure);
  };
  for (const native::Struct* structure : view.structs()) {
    const auto at = [&](const std::string& member, std::size_t number) {
      fact(structure->name + "." + member, fmt::format("offsetof({}, {})", structure->name, member), number);
    };
    fact(structure->name, fmt::format("sizeof({})", structure->name), structure->size);
    fact(structure->name + " alignment", fmt::format("_Alignof({})", structure->name), structure->align);
    for (const native::Field& field : structure->fields) {
      at(field.name, field.at);
      if (field.optional) at(field.name + "_present", field.present_at);
      if (field.type.kind == native::Kind::bytes || field.type.kind == native::Kind::list) at(field.name + "_len", field.length_at);
    }
  }
}

TEST(Layout, of_500_random_schemas_is_the_compilers) {
  Directory directory;
  std::string includes, facts;
  std::vector<std::string> due;
  std::size_t structs = 0;
  for (int i = 0; i < schemas; ++i) {
    Schemas random(i);
    directory.write(fmt::format("s{}.cddl", i), random.cddl());
    const std::string file = directory.write(fmt::format("s{}.toml", i), random.toml());
    ASSERT_NO_THROW(emit(file, directory.path())) << read_file(directory.file(fmt::format("s{}.cddl", i)));
    includes += fmt::format("#include \"s{}_cbor.h\"\n", i);
    const Interface interface = load_interface(file);
    const native::View view(interface);
    structs += view.structs().size();
    expect_layout(view, fmt::format("s{}", i), due, facts);
  }
  ASSERT_GT(structs, 1'000u);
  ASSERT_GT(due.size(), 6'000u);

  const std::string source = directory.write("all.c", includes + "static const struct { const char *what; size_t number; } facts[] = {\n" + facts +
                                                          "};\nint main(void) {\n  size_t i;\n  for (i = 0; i < sizeof facts / sizeof *facts; ++i)"
                                                          " printf(\"%s %zu\\n\", facts[i].what, facts[i].number);\n  return 0;\n}\n");
  for (const Compiler& compiler : compilers()) {
    if (compiler.name.ends_with("++")) {
      const Outcome outcome = run(compiler.command + "-fsyntax-only " + directory.write("all.cpp", includes));
      EXPECT_EQ(outcome.code, 0) << compiler.name << ":\n" << outcome.out.substr(0, 4000);
      continue;
    }
    const std::string program = directory.file("all");
    const Outcome built = run(compiler.command + source + " -o " + program);
    ASSERT_EQ(built.code, 0) << compiler.name << ":\n" << built.out.substr(0, 4000);
    std::istringstream seen(run(program).out);
    std::string line;
    for (const std::string& expected : due) {
      ASSERT_TRUE(std::getline(seen, line));
      ASSERT_EQ(line, expected) << compiler.name;
    }
    EXPECT_FALSE(std::getline(seen, line)) << line;
  }
}

}  // namespace
}  // namespace ffi_cts::bindgen
