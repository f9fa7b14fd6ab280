// The program text: what is printed reads back as it was, and what is wrong is named with its line.
#include "harness/program/text.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include "harness/generate/generate.hpp"

namespace ffi_cts {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(std::string_view text) {
  try {
    parse_program(text);
  } catch (const ProgramError& error) {
    return error.what();
  }
  return "";
}

TEST(ProgramText, TwentyThousandGeneratedProgramsReadBackAsTheyWere) {
  const Interface probe = load_interface(FFI_CTS_SOURCE_DIR "/reference/libraries/probe/probe.toml");
  const Features all = applicable_features(probe);
  std::size_t nested = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    rc::Random random(seed);
    // Every fiftieth may use everything at once; the others are swarms.
    const Features features = seed % 50 == 0 ? all : swarm(random.split(), all);
    const Program program = programs(probe, features, {})(random.split(), 100).value();
    const std::string text = to_text(program);
    const Program again = parse_program(text);
    ASSERT_EQ(to_text(again), text) << "seed " << seed;
    ASSERT_TRUE(again == program) << "seed " << seed << "\n" << text;
    nested += text.find('{') != std::string::npos;
  }
  EXPECT_GT(nested, 1000u);  // or the loop saw nothing worth printing
}

TEST(ProgramText, EveryFormOfAStepReadsBack) {
  const std::string text =
      "program fresh_process fresh_threads signal_storm many_descriptors rounds(200)\n"
      "A  c1 = create text(4,1)\n"
      "B  c2 = create create_slow text(4,1) 7ms !lenient x3\n"
      "D  h1 = register c1 { complete h1.0 ok text(5,2) }\n"
      "A  l1 = listen c1 event emit_fail same_function { park 300us; remove l1; r2 = request c1 echo text(12,3) { hold } }\n"
      "A  l2 = listen c1 * !null_callback\n"
      "A  l3 = listen @null null\n"
      "A  l4 = listen c1 not_utf8 x9\n"
      "A  r1 = request c1 emit text(12,2) #3 x2\n"
      "A  r3 = request c1 proc(4) text(0,9) !malformed\n"
      "A  r4 = request @zeros delay 5ms\n"
      "A  r7 = request c1 proc(3) item(8,17)\n"
      "A  r8 = request c1 proc(3) near_miss(0,0)\n"
      "A  c3 = create item(0,4)\n"
      "A  h4 = register c1 host(2)\n"
      "C  complete h1.2 ret(6) text(3,4) !null_payload\n"
      "C  complete c1 id(4000000000) err\n"
      "C  remove c1 id(0)\n"
      "C  remove @noise l1\n"
      "A  unregister c1\n"
      "A  h2 = register c1 null\n"
      "A  h3 = register c1 huge\n"
      "A  unregister c1 *\n"
      "A  complete @other c1 h1.1 ok text(5,2) !empty_payload\n"
      "A  r5 = request c1 echo text(12,3) { again #5000 }\n"
      "A  wait l1 #4\n"
      "A  wait all\n"
      "A  destroy c1\n"
      "A  destroy @dead c1\n";
  EXPECT_EQ(to_text(parse_program(text)), text);
}

TEST(ProgramText, CommentsBlankLinesAndCarriageReturnsAreNothing) {
  const Program program = parse_program("# one\n\nA  c1 = create # two\r\n  A wait c1 # three\nA  destroy c1 # x 9");
  EXPECT_EQ(to_text(program), "A  c1 = create\nA  wait c1\nA  destroy c1\n");
  EXPECT_EQ(to_text(parse_program("A  c1 = create\nA  wait c1 #3")), "A  c1 = create\nA  wait c1 #3\n");
}

struct Mistake {
  const char* line;
  const char* said;
};

class AMistake : public testing::TestWithParam<Mistake> {};

TEST_P(AMistake, IsNamedWithItsLine) {
  const std::string text = std::string("# a comment\nA  c1 = create text(4,1)\n") + GetParam().line + "\nA  destroy c1\n";
  const std::string error = error_of(text);
  EXPECT_THAT(error, StartsWith("line 3: "));
  EXPECT_THAT(error, HasSubstr(GetParam().said));
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    ProgramText, AMistake,
    testing::Values(Mistake{"A", "ends too early"},                                        //
                    Mistake{"E  destroy c1", "\"E\" is no host thread (A to D)"},          //
                    Mistake{"destroy c1", "\"destroy\" is no host thread"},                //
                    Mistake{"program fresh_threads", "\"program\" is no host thread"},     //
                    Mistake{"A  jump c1", "\"jump\" is no step"},                          //
                    Mistake{"A  c2 =", "ends too early"},                                  //
                    Mistake{"A  x1 = create", "is due before \"=\""},                      //
                    Mistake{"A  c0 = create", "is due before \"=\""},                      //
                    Mistake{"A  c = create", "is due before \"=\""},                       //
                    Mistake{"A  c1000001 = create", "is due before \"=\""},                //
                    Mistake{"A  c-1 = create", "is due before \"=\""},                     //
                    Mistake{"A  all = create", "is due before \"=\""},                     //
                    Mistake{"A  create text(4,1)", "create defines another kind of name"}, //
                    Mistake{"A  r1 = create", "create defines another kind of name"},      //
                    Mistake{"A  l1 = request c1 echo", "request defines another kind"},    //
                    Mistake{"A  c2 = destroy c1", "destroy defines another kind of name"}, //
                    Mistake{"A  request c1 echo", "request defines another kind of name"}, //
                    Mistake{"A  destroy c1 }", "\"}\" is too much"},                       //
                    Mistake{"A  destroy c1 ; destroy c1", "\";\" is too much"},            //
                    Mistake{"A  destroy c1 now", "\"now\" is not understood"},             //
                    Mistake{"A  destroy @nobody", "\"@nobody\" is not understood"},        //
                    Mistake{"A  l1 = listen c1 evnt", "\"evnt\" is not understood"},       //
                    Mistake{"A  r1 = request c1 ecko", "\"ecko\" is not understood"},      //
                    Mistake{"A  r1 = request c1 echo !bad", "\"!bad\" is not understood"}, //
                    Mistake{"A  r1 = request c1 echo text(12)", "not understood"},         //
                    Mistake{"A  r1 = request c1 echo text(12,3", "not understood"},        //
                    Mistake{"A  r1 = request c1 echo text(a,3)", "not understood"},        //
                    Mistake{"A  r1 = request c1 echo text(1,2,3)", "not understood"},      //
                    Mistake{"A  r1 = request c1 echo text(-1,2)", "not understood"},       //
                    Mistake{"A  r1 = request c1 proc(one)", "not understood"},             //
                    Mistake{"A  r1 = request c1 echo xx", "not understood"},               //
                    Mistake{"A  r1 = request c1 echo x", "not understood"},                //
                    Mistake{"A  r1 = request c1 echo x99999999999", "not understood"},     //
                    Mistake{"A  r1 = request c1 delay ms", "not understood"},              //
                    Mistake{"A  r1 = request c1 echo #1x", "not understood"},              //
                    Mistake{"A  complete h1.x ok", "not understood"},                      //
                    Mistake{"A  complete h1.0 ret()", "not understood"},                   //
                    Mistake{"A  remove c1 id(x)", "not understood"},                       //
                    Mistake{"A  r1 = request c1 echo {", "ends too early"},                //
                    Mistake{"A  r1 = request c1 echo { destroy c1", "\"}\" or \";\" is due"},   //
                    Mistake{"A  r1 = request c1 echo { destroy c1 ;", "ends too early"},   //
                    Mistake{"A  r1 = request c1 echo { A destroy c1 }", "\"A\" is no step"},  //
                    Mistake{"A  r1 = request c1 echo { ; }", "\";\" is no step"},          //
                    Mistake{"A  r1 = request c1 echo { park } x2", "\"x2\" is too much"},  //
                    Mistake{"A  r1 = request c1 echo { l1 = listen c1 event { park } park }", "\"}\" or \";\" is due"}));

TEST(ProgramText, AnUnknownSwitchIsNamedWithItsLine) {
  EXPECT_EQ(error_of("\n\nprogram fast\nA  c1 = create\n"), "line 3: \"fast\" is no switch of a program");
}

TEST(ProgramText, AStepThatRefersToNothingIsAMistake) {
  for (const char* step : {"A  destroy c2", "A  r1 = request c2 echo", "A  remove l1", "A  complete h1.0 ok", "A  wait r1", "A  park", "A  hold", "A  again", "A  l1 = listen c1 event { again }",
                           "A  destroy", "A  c1 = create", "A  r1 = request c1 echo { wait all }", "A  r1 = request c1 echo { destroy c2 }"}) {
    EXPECT_THAT(error_of(std::string("A  c1 = create\n") + step), HasSubstr("no earlier step defines")) << step;
  }
  EXPECT_EQ(error_of("A  c1 = create\nA  destroy c1\n"), "");
}

}  // namespace
}  // namespace ffi_cts
