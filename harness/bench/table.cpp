#include "harness/bench/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace ffi_cts::bench {
namespace {

// "1,234,567"; below 100 with a digit after the point.
std::string number(double value) {
  if (value < 100) return fmt::format("{:.1f}", value);
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string ratio_text(double ratio) {
  return ratio < 100 ? fmt::format("{:.2f}", ratio) : number(ratio);
}

std::string range(const Interval& interval) {
  return ratio_text(interval.low) + " to " + ratio_text(interval.high);
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename();
}

// A column that is as wide as its widest cell; the first two are flushed left.
using Cells = std::vector<std::string>;

std::string lines_of(const std::vector<Cells>& all) {
  std::vector<std::size_t> widths;
  for (const Cells& cells : all)
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      if (cells.size() > 3) widths[i] = std::max(widths[i], cells[i].size());
    }
  std::string out;
  for (const Cells& cells : all) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      bool left = i < 2 || cells.size() <= 3;
      line += i == 0 ? "" : "  ";
      line += left ? fmt::format("{:<{}}", cells[i], widths[i]) : fmt::format("{:>{}}", cells[i], widths[i]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return out;
}

std::string why_not(const Side& side) {
  return (side.failed ? "failed: " : "not applicable: ") + side.why_not;
}

void add_ratio(Cells& cells, const std::optional<Ratio>& ratio) {
  cells.push_back(ratio ? ratio_text(ratio->median) : "-");
  cells.push_back(ratio ? range(ratio->interval) : "-");
}

Cells cells_of(const Result& result, const Options& options, bool sizes) {
  if (!result.subject.value && !result.against.value) return {result.name, result.unit, why_not(result.subject)};
  auto value = [](const Side& side) { return side.value ? number(*side.value) : side.failed ? "failed" : "n/a"; };
  Cells cells = {result.name, result.unit, value(result.subject), value(result.floor)};
  add_ratio(cells, result.to_floor);
  if (options.against) {
    cells.push_back(value(result.against));
    add_ratio(cells, result.to_against);
  }
  if (sizes) {
    for (const auto& growth : {result.growth, result.floor_growth}) cells.push_back(growth ? ratio_text(*growth) : "-");
  }
  return cells;
}

std::string notes(const Options& options, bool sizes) {
  std::vector<double> ranks(static_cast<std::size_t>(options.rounds));
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = static_cast<double>(i + 1);
  Interval interval = median_interval(ranks);
  std::string out = fmt::format("\nMedians of {} round{}, the sides taking turns. Ratios are taken round by round; ",
                                options.rounds, options.rounds == 1 ? "" : "s");
  out += interval.of_95 ? fmt::format(
                              "the interval holds their median with\n95% (order statistics: of {} ratios the ones at "
                              "places {:.0f} and {:.0f}).\n",
                              options.rounds, interval.low, interval.high)
                        : "too few for an interval of 95%: the range is given.\n";
  if (sizes) out += "growth: what one costs beside one in the smallest of its kind; floor's: the same of the floor.\n";
  return out;
}

nlohmann::json optional(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

void add_ratio(nlohmann::json& row, const std::string& prefix, const std::optional<Ratio>& ratio) {
  row[prefix + "ratio"] = ratio ? nlohmann::json(ratio->median) : nlohmann::json();
  row[prefix + "low"] = ratio ? nlohmann::json(ratio->interval.low) : nlohmann::json();
  row[prefix + "high"] = ratio ? nlohmann::json(ratio->interval.high) : nlohmann::json();
}

// Words on lines of their own, so that none is longer than `width`.
std::string filled(const std::string& label, const std::string& text, std::size_t width) {
  std::string out, line = label;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find(' ', at), text.size());
    if (line.size() + 1 + end - at > width) {
      out += line + '\n';
      line = std::string(label.size(), ' ');
    }
    line += ' ' + text.substr(at, end - at);
    at = end + 1;
  }
  return out + line + '\n';
}

}  // namespace

std::string table(const std::vector<Result>& results, const Options& options) {
  bool sizes = std::any_of(results.begin(), results.end(), [](const Result& r) { return r.growth || r.floor_growth; });
  std::vector<Cells> all;
  Cells head = {"", "", file_name(options.subject.library), "floor", "ratio", "interval"};
  if (options.against) {
    std::string name = file_name(options.against->library);
    head.insert(head.end(), {name == head[2] ? options.against->library : name, "ratio", "interval"});
  }
  if (sizes) head.insert(head.end(), {"growth", "floor's"});
  all.push_back(head);
  for (const Result& result : results) all.push_back(cells_of(result, options, sizes));
  std::string out = lines_of(all) + notes(options, sizes);
  for (const Result& result : results)
    for (auto [side, name] : {std::pair(&result.subject, "the library"),
                              {&result.floor, "the floor"},
                              {&result.against, "the second library"}}) {
      bool shown = !result.subject.value && !result.against.value;
      if (!side->why_not.empty() && !shown) out += fmt::format("{}, {}: {}\n", result.name, name, why_not(*side));
    }
  return out;
}

std::string to_json(const std::vector<Result>& results, const Options& options) {
  nlohmann::json out = nlohmann::json::array();
  for (const Result& result : results) {
    nlohmann::json row = {{"name", result.name},
                          {"value", optional(result.subject.value)},
                          {"unit", result.unit},
                          {"floor", optional(result.floor.value)}};
    add_ratio(row, "", result.to_floor);
    if (options.against) {
      row["against"] = optional(result.against.value);
      add_ratio(row, "against_", result.to_against);
      if (!result.against.value) row["against_reason"] = why_not(result.against);
    }
    if (result.growth || result.floor_growth) {
      row["growth"] = optional(result.growth);
      row["floor_growth"] = optional(result.floor_growth);
    }
    if (!result.subject.value) row["reason"] = why_not(result.subject);
    out.push_back(row);
  }
  // A reason may hold the library's own words, in whatever encoding.
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

namespace {

std::string introduction(const std::vector<Group>& groups) {
  if (!groups.empty() && groups.front().front().alone)
    return "Each row is measured beside its floor: the same bytes over the same kind of pipe, and nothing else.\n";
  return "Each row is measured beside its floor: what the same costs without a library, in a few lines of bare Asio.\n"
         "The host is the same for both: as many threads, as many requests under way, and who waits is asleep.\n\n"
         "The floors are made of\n" +
         std::string(floor_code("bare"));
}

}  // namespace

std::string explained(const std::vector<Group>& groups) {
  std::string out = introduction(groups) + '\n';
  std::string section;
  auto close_section = [&] {
    if (!section.empty()) out += '\n' + std::string(floor_code(section)) + '\n';
  };
  std::string floor_does;
  for (const Group& group : groups)
    for (const Row& row : group) {
      if (row.section != section) close_section();
      bool same_floor = row.section == section && row.floor_does == floor_does;
      section = row.section;
      floor_does = row.floor_does;
      out += fmt::format("{} ({})\n{}", row.name, row.unit, filled("  row  ", row.does, 120));
      if (!same_floor) out += filled("  floor", row.floor_does, 120);
    }
  close_section();
  return out;
}

}  // namespace ffi_cts::bench
