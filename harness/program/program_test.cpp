// Normalizing: every program is valid afterwards, however it was made.
#include "harness/program/program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include <algorithm>
#include <functional>
#include <random>

#include "harness/generate/generate.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

Step step_of(Verb verb, Ref defines = {}, int context = 0) {
  Step step;
  step.verb = verb;
  step.defines = defines;
  step.context = context;
  return step;
}
Step create(int number) { return step_of(Verb::create, {ObjectKind::context, number}); }
Step request(int number, int context, std::vector<Step> body = {}) {
  Step step = step_of(Verb::request, {ObjectKind::request, number}, context);
  step.role = RoleName::echo;
  step.body = std::move(body);
  return step;
}
Step about(Verb verb, ObjectKind kind, int number) {
  Step step = step_of(verb);
  step.object = {kind, number};
  return step;
}

std::string normalized(std::vector<Step> steps) {
  Program program{std::move(steps), false, false};
  normalize(program);
  return to_text(program);
}

TEST(Normalize, WhatRefersToNothingIsDropped) {
  EXPECT_EQ(normalized({request(1, 1), create(1)}), "A  c1 = create\n");
  EXPECT_EQ(normalized({create(1), step_of(Verb::destroy, {}, 2), step_of(Verb::destroy, {}, 1)}), "A  c1 = create\nA  destroy c1\n");
  EXPECT_EQ(normalized({create(1), about(Verb::remove, ObjectKind::listener, 1)}), "A  c1 = create\n");
  EXPECT_EQ(normalized({create(1), about(Verb::wait, ObjectKind::request, 1), about(Verb::wait, ObjectKind::all, 0)}),
            "A  c1 = create\nA  wait all\n");
  EXPECT_EQ(normalized({create(1), about(Verb::complete, ObjectKind::host_function, 3)}), "A  c1 = create\n");
}

TEST(Normalize, WhatADroppedStepDefinedIsUnknownToo) {
  EXPECT_EQ(normalized({create(1), request(1, 2, {request(2, 1)}), about(Verb::wait, ObjectKind::request, 1), about(Verb::wait, ObjectKind::request, 2)}),
            "A  c1 = create\n");
}

TEST(Normalize, WaitsInsideCallbacksAndParksOutsideAreDropped) {
  EXPECT_EQ(normalized({create(1), request(1, 1, {about(Verb::wait, ObjectKind::all, 0), step_of(Verb::park)}), step_of(Verb::park), step_of(Verb::hold)}),
            "A  c1 = create\nA  r1 = request c1 echo { park }\n");
}

TEST(Normalize, ASecondDefinitionOfANameIsDropped) {
  EXPECT_EQ(normalized({create(1), create(1), request(1, 1), request(1, 1)}), "A  c1 = create\nA  r1 = request c1 echo\n");
}

TEST(Normalize, AWrongHandleMeansNoContext) {
  Step wrong = request(1, 7);
  wrong.handle = HandleKind::zeros;
  Program program{{wrong}, false, false};
  normalize(program);
  ASSERT_EQ(program.steps.size(), 1u);
  EXPECT_EQ(program.steps[0].context, 0);
}

TEST(Normalize, ADestroyedHandleNeedsAContext) {
  Step dead = request(1, 1);
  dead.handle = HandleKind::dead;
  EXPECT_EQ(normalized({dead}), "");
  EXPECT_EQ(normalized({create(1), dead}), "A  c1 = create\nA  r1 = request @dead c1 echo\n");
}

TEST(Normalize, ARemoveIsOfItsListenersContext) {
  Program program = parse_program("A  c1 = create\nA  c2 = create\nA  l1 = listen c2 event\nA  remove l1\n");
  EXPECT_EQ(program.steps[3].context, 2);
}

TEST(Normalize, ThreadsAreOneOfFourAndStepsAreNumberedInPreorder) {
  Program program{{create(1), request(1, 1, {request(2, 1, {request(3, 1)}), request(4, 1)}), request(5, 1)}, false, false};
  program.steps[2].thread = 7;
  normalize(program);
  EXPECT_EQ(program.steps[2].thread, 3);
  EXPECT_EQ(count_steps(program), 6);
  EXPECT_EQ(count_threads(program), 2);
  for (int id = 1; id <= 6; ++id) {
    ASSERT_TRUE(find_step(program, id));
    EXPECT_EQ(find_step(program, id)->id, id);
  }
  EXPECT_EQ(find_step(program, 4)->defines.number, 3);
  EXPECT_FALSE(find_step(program, 0));
  EXPECT_FALSE(find_step(program, 7));
}

// Everything that holds a step, with its place.
void each_list(std::vector<Step>& steps, const std::function<void(std::vector<Step>&)>& f) {
  f(steps);
  for (Step& step : steps) each_list(step.body, f);
}

TEST(Normalize, ItMakesMangledProgramsValidAndIsIdempotent) {
  const Interface probe = load_interface(FFI_CTS_SOURCE_DIR "/reference/libraries/probe/probe.toml");
  const Features all = applicable_features(probe);
  std::mt19937 random(1);
  auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  int dropped = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Program program = programs(probe, all, {})(rc::Random(seed), 100).value();
    for (int i = 0; i < 6; ++i) {
      std::vector<std::vector<Step>*> lists;
      each_list(program.steps, [&](std::vector<Step>& steps) {
        if (!steps.empty()) lists.push_back(&steps);
      });
      if (lists.empty()) break;
      std::vector<Step>& steps = *lists[below(lists.size())];
      Step& step = steps[below(steps.size())];
      switch (below(8)) {
        case 0: steps.erase(steps.begin() + (&step - steps.data())); break;
        case 1: std::swap(step, steps[below(steps.size())]); break;
        case 2: step.context = static_cast<int>(below(5)); break;
        case 3: {
          const ObjectKind kinds[] = {ObjectKind::none, step.verb == Verb::complete ? ObjectKind::host_function : ObjectKind::listener};
          step.object = {kinds[below(2)], static_cast<int>(below(9))};
          break;
        }
        case 4: step.handle = static_cast<HandleKind>(below(8)); break;
        case 5: step.thread = static_cast<std::uint8_t>(below(256)); break;
        case 6: program.steps.push_back(Step(step)); break;  // a nested step comes to the top, or a name is defined twice
        default: step.body.push_back(Step(program.steps[below(program.steps.size())])); break;
      }
    }
    const int before = count_steps(program);
    normalize(program);
    dropped += count_steps(program) < before;
    Program again = program;
    normalize(again);
    ASSERT_TRUE(again == program) << "seed " << seed << "\n" << to_text(program);
    ASSERT_NO_THROW(ASSERT_EQ(to_text(parse_program(to_text(program))), to_text(program))) << "seed " << seed << "\n" << to_text(program);
  }
  EXPECT_GT(dropped, 500);
}

}  // namespace
}  // namespace ffi_cts
