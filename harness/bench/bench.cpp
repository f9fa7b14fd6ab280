#include "harness/bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "harness/bench/child.hpp"

namespace ffi_cts::bench {
namespace {

constexpr double time_of_a_measurement_ns = 100e6;
constexpr int most_items = 50'000'000, most_repeats = 200;

// How many of what costs so much fill the time of a measurement.
int enough_of(double cost_ns) {
  return static_cast<int>(std::min(time_of_a_measurement_ns / std::max(cost_ns, 0.1), 1e9));
}

using MakeOfLibrary = std::function<std::unique_ptr<Measurement>(const Target&)>;

// The library loaded, and what is measured in it.
class InLibrary : public Measurement {
 public:
  InLibrary(const Subject& subject, const GiveUp& give_up, const MakeOfLibrary& make)
      : library_(load_library(subject.library, subject.interface)),
        row_(make({subject.interface, library_, give_up})) {}
  double run(std::uint64_t items) override { return row_->run(items); }

 private:
  const Library library_;
  const std::unique_ptr<Measurement> row_;
};

Child::Make in_library(const Subject& subject, MakeOfLibrary make) {
  return [&subject, make = std::move(make)](const GiveUp& give_up) {
    return std::make_unique<InLibrary>(subject, give_up, make);
  };
}

Child::Make without_library(const std::function<std::unique_ptr<Measurement>()>& make) {
  return [&make](const GiveUp&) { return make(); };
}

// One side of one row.
class Player {
 public:
  Player(const Row& row, Child::Make make, double limit_s) : row_(row), make_(std::move(make)), limit_s_(limit_s) {}

  // How many items a measurement takes, or how often it is repeated where their number is given. Found by trying, which
  // warms up, too.
  void prepare() {
    child_ = std::make_unique<Child>(make_, limit_s_);
    if (row_.fresh) return;
    items_ = std::max<std::uint64_t>(row_.items, 1);
    double cost = child_->run(items_);
    if (row_.items > 0) {
      repeats_ = std::clamp(enough_of(cost * static_cast<double>(items_)), 1, most_repeats);
      return;
    }
    while (cost * static_cast<double>(items_) < time_of_a_measurement_ns / 10 && items_ < most_items) {
      items_ *= 4;
      cost = child_->run(items_);
    }
    items_ = static_cast<std::uint64_t>(std::clamp(enough_of(cost), 1, most_items));
  }

  double measure() {
    if (!child_) child_ = std::make_unique<Child>(make_, limit_s_);
    std::vector<double> costs;
    for (int i = 0; i < repeats_; ++i) costs.push_back(child_->run(row_.fresh ? row_.items : items_));
    if (row_.fresh) child_.reset();  // thousands of requests are in flight: it does not end by itself in no time
    return median(costs);
  }

  void finish() {
    if (child_) child_->finish();
  }

 private:
  const Row& row_;
  const Child::Make make_;
  const double limit_s_;
  std::uint64_t items_ = 0;
  int repeats_ = 1;
  std::unique_ptr<Child> child_;
};

// A row while it is measured: the player of each side, where there is one, and what it found.
struct Lane {
  Side* side;
  std::unique_ptr<Player> player;
  std::vector<double> costs;

  // Does something with the player; what fails is the end of it.
  template <typename F>
  void attempt(F f) {
    if (!player) return;
    try {
      f(*player);
    } catch (const Failure& failure) {
      side->why_not = failure.what();
      side->failed = true;
      player.reset();
      costs.clear();
    }
  }
};

Ratio ratio(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < of.size(); ++i) ratios.push_back(of[i] / to[i]);
  return {median(ratios), median_interval(ratios)};
}

Lane lane_of(const Row& row, const Subject& subject, Side& side, double limit_s) {
  Lane lane{&side, nullptr, {}};
  if (row.alone)
    lane.player = std::make_unique<Player>(row, without_library(row.alone), limit_s);
  else if (auto why = not_applicable(row, subject.interface))
    side.why_not = *why;
  else
    lane.player = std::make_unique<Player>(row, in_library(subject, row.library), limit_s);
  return lane;
}

// The sides of a row, in the order in which they take turns.
std::vector<Lane> lanes_of(const Row& row, const Options& options, Result& result) {
  result.name = row.name;
  result.unit = row.unit;
  std::vector<Lane> lanes;
  lanes.push_back(lane_of(row, options.subject, result.subject, options.limit_s));
  lanes.push_back({&result.floor, std::make_unique<Player>(row, without_library(row.floor), options.limit_s), {}});
  if (options.against) lanes.push_back(lane_of(row, *options.against, result.against, options.limit_s));
  bool any = lanes.front().player || (options.against && lanes.back().player);
  if (!any) lanes[1].player.reset();
  return lanes;
}

// What an item costs beside one of the group's smallest row.
void compare_sizes(std::span<Result> group) {
  const Result& smallest = group.front();
  for (Result& result : group) {
    if (result.subject.value && smallest.subject.value) result.growth = *result.subject.value / *smallest.subject.value;
    if (result.floor.value && smallest.floor.value) result.floor_growth = *result.floor.value / *smallest.floor.value;
  }
}

void conclude(const std::vector<Lane>& lanes, Result& result) {
  for (const Lane& lane : lanes)
    if (!lane.costs.empty()) lane.side->value = median(lane.costs);
  const std::vector<double>& costs = lanes[0].costs;
  if (costs.empty()) return;
  if (!lanes[1].costs.empty()) result.to_floor = ratio(costs, lanes[1].costs);
  if (lanes.size() > 2 && !lanes[2].costs.empty()) result.to_against = ratio(costs, lanes[2].costs);
}

void measure_group(const Group& group, const Options& options, std::vector<Result>& results) {
  auto tell = [&](const Row& row, int round) {
    if (options.progress) options.progress(row.name, round);
  };
  std::size_t first = results.size();
  results.resize(first + group.size());
  std::vector<std::vector<Lane>> all;
  for (std::size_t i = 0; i < group.size(); ++i) {
    tell(group[i], 0);
    all.push_back(lanes_of(group[i], options, results[first + i]));
    for (Lane& lane : all.back()) lane.attempt([](Player& player) { player.prepare(); });
  }
  for (int round = 1; round <= options.rounds; ++round)
    for (std::size_t i = 0; i < group.size(); ++i) {
      tell(group[i], round);
      for (Lane& lane : all[i]) lane.attempt([&lane](Player& player) { lane.costs.push_back(player.measure()); });
    }
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (Lane& lane : all[i]) lane.attempt([](Player& player) { player.finish(); });
    conclude(all[i], results[first + i]);
  }
  if (group.size() > 1) compare_sizes(std::span(results).subspan(first));
}

}  // namespace

void check_loads(const Options& options) {
  auto check = [&](const Subject& subject) {
    try {
      Child(in_library(subject, [](const Target&) { return nullptr; }), options.limit_s);
    } catch (const Failure& failure) {
      std::string why = failure.what();  // what load_library says begins with the file
      throw Failure(why.starts_with(subject.library) ? why : fmt::format("{}: loading it: {}", subject.library, why));
    }
  };
  check(options.subject);
  if (options.against) check(*options.against);
}

std::vector<Result> measure(const std::vector<Group>& groups, const Options& options) {
  std::vector<Result> results;
  for (const Group& group : groups) measure_group(group, options, results);
  return results;
}

}  // namespace ffi_cts::bench
