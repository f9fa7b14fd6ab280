#include "harness/peer/generate.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ffi_cts::peer {
namespace {

constexpr std::size_t verbs = 21;
enum Trait : std::size_t {
  odd_cut = verbs,
  odd_head,
  odd_joined,
  fault_frame,
  fault_shape,
  fault_message,
  big,
  after_exit,
  to_nobody
};
constexpr std::array<std::string_view, 9> trait_names{"cuts",         "other heads", "frames written together",
                                                      "bad frames",   "bad shapes",  "bad messages",
                                                      "big payloads", "dead actors", "nobody"};

// SplitMix64: the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((next() >> 32) * n >> 32); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  std::uint64_t state_;
};

constexpr std::array<std::string_view, 6> reasons{
    "normal", "boom", "no such file: \xc3\xbc.txt", "a  b   c", "transport closed", "{\"code\": 7}"};

class Generator {
 public:
  Generator(std::uint64_t seed, std::uint64_t number, bool parent)
      : random_(seed * 0x2545f4914f6cdd1du + number), parent_(parent) {
    for (bool& use : uses_) use = !random_.one_in(3);
    uses_[0] = true;
    odd_ = random_.below(4);  // of four conversations one is plain on the wire
  }

  Conversation make() {
    Conversation out;
    const std::uint32_t steps = 1 + random_.below(random_.one_in(4) ? 40 : 12);
    while (out.steps.size() < steps) {
      Step step = random_.below(5) == 0 && made_ < most_actors ? spawn() : common();
      if (uses_[static_cast<std::size_t>(step.verb)]) out.steps.push_back(std::move(step));
    }
    if (auto last = ending()) out.steps.push_back(std::move(*last));
    return normalize(std::move(out));
  }

 private:
  int judge() { return 1 + static_cast<int>(random_.below(random_.one_in(3) ? judges_actors : 3)); }
  int actor() {
    return made_ == 0 || random_.one_in(3) ? conformance
                                           : 1 + static_cast<int>(random_.below(static_cast<std::uint32_t>(made_)));
  }
  std::string reason() {
    return random_.one_in(20) ? std::string(300, 'r') : std::string(reasons[random_.below(reasons.size())]);
  }

  Step spawn() {
    Step step{Verb::spawn, judge(), ++made_};
    step.form = form();
    return step;
  }

  Step common() {
    using enum Verb;
    constexpr std::array<Verb, 22> likely{echo,    echo,    echo, echo, echo,     echo, mumble, exit,
                                          link_me, link_me, link, link, proxy_id, end,  end,    who,
                                          who,     hail,    wait, who,  flood,    noise};
    Step step{likely[random_.below(likely.size())], judge(), actor()};
    if (step.verb == flood && !random_.one_in(40)) step.verb = echo;
    if (step.verb == noise && !parent_) step.verb = wait;
    if (step.verb == flood) step.size = 800;
    if (step.verb == echo || step.verb == mumble) {
      step.size = random_.one_in(30) ? full_size : random_.one_in(8) ? random_.below(20'000) : random_.below(60);
      step.seed = random_.below(1000);
      if (random_.one_in(12)) step.to = nobody;
    }
    if (step.verb == link && random_.one_in(6)) step.to = nobody;
    if (shape(step.verb).text)
      step.text = step.verb == hail ? (random_.one_in(3) ? "" : "nobody by this name") : reason();
    step.form = form();
    return step;
  }

  Form form() {
    Form form;
    if (odd_ == 0 || random_.below(4) > odd_) return form;
    switch (random_.below(4)) {
      case 0:
        form.cut = 1 + random_.below(random_.one_in(2) ? 8 : 60);
        break;
      case 1:
        form.bytewise = random_.one_in(3);
        break;
      case 2:
        form.head = static_cast<HeadForm>(random_.below(head_names.size()));
        break;
      default:
        form.joined = true;
    }
    return form;
  }

  std::optional<Step> ending() {
    using enum Verb;
    Step step;
    switch (random_.below(parent_ ? 14 : 10)) {
      case 0:
      case 1:
      case 2:
        step.verb = bad;
        step.text = faults()[random_.below(static_cast<std::uint32_t>(faults().size()))].name;
        return step;
      case 3:
        step.verb = error;
        step.text = reason();
        return step;
      case 4:
        step.verb = close;
        return step;
      case 5:
        step.verb = vanish;
        return step;
      case 6:
        step.verb = half;
        step.size = 1 + random_.below(40);
        return step;
      case 10:
      case 11:
        step.verb = shut;
        return step;
      case 12:
      case 13:
        step.verb = die;
        return step;
      default:
        return std::nullopt;
    }
  }

  Random random_;
  bool parent_;
  std::array<bool, verbs> uses_{};
  std::uint32_t odd_ = 0;
  int made_ = 0;
};

// ---- smaller ----

void add(std::vector<Conversation>& out, const Conversation& from, Conversation candidate) {
  candidate = normalize(std::move(candidate));
  if (candidate == from || std::find(out.begin(), out.end(), candidate) != out.end()) return;
  out.push_back(std::move(candidate));
}

std::vector<Step> simpler_steps(const Step& step) {
  std::vector<Step> out;
  const auto with = [&](auto change) {
    Step other = step;
    change(other);
    if (!(other == step)) out.push_back(std::move(other));
  };
  with([](Step& s) { s.form = {}; });
  with([](Step& s) { s.form.joined = false; });
  with([](Step& s) { s.form.head = sent_head; });
  with([](Step& s) { s.form.bytewise = false; });
  with([](Step& s) { s.form.cut = 0; });
  with([](Step& s) { s.form.cut = std::min(s.form.cut, 1u); });
  if (shape(step.verb).item) {
    with([](Step& s) { s.size = 0; });
    with([](Step& s) { s.size = s.size == full_size ? full_size : s.size / 2; });
    with([](Step& s) { s.seed = 1; });
    with([](Step& s) { s.seed /= 2; });
  }
  if (step.verb == Verb::mumble) with([](Step& s) { s.verb = Verb::echo; });
  if (shape(step.verb).from) with([](Step& s) { s.from = 1; });
  if (step.verb != Verb::spawn && step.verb != Verb::exit && shape(step.verb).to)
    with([](Step& s) { s.to = conformance; });
  if (step.verb == Verb::exit || step.verb == Verb::end || step.verb == Verb::error)
    with([](Step& s) { s.text = "boom"; });
  return out;
}

}  // namespace

Traits traits_of(const Conversation& conversation) {
  Traits out;
  std::bitset<most_actors + 1> exited;
  for (const Step& step : conversation.steps) {
    out.set(static_cast<std::size_t>(step.verb));
    if (step.form.cut || step.form.bytewise) out.set(odd_cut);
    if (step.form.head != sent_head) out.set(odd_head);
    if (step.form.joined) out.set(odd_joined);
    if (step.verb == Verb::bad) out.set(fault_frame + static_cast<std::size_t>(fault_class(step.text)) - 1);
    if (shape(step.verb).item && step.size > 2000) out.set(big);
    if (shape(step.verb).to && step.to > 0 && exited[static_cast<std::size_t>(step.to)]) out.set(after_exit);
    if (shape(step.verb).to && step.to == nobody) out.set(to_nobody);
    if (step.verb == Verb::exit && step.to > 0) exited.set(static_cast<std::size_t>(step.to));
  }
  return out;
}

std::string to_text(const Traits& traits) {
  std::string out;
  for (std::size_t i = 0; i < traits.size(); ++i)
    if (traits[i])
      out += (out.empty() ? "" : " with ") +
             std::string(i < verbs ? shape(static_cast<Verb>(i)).name : trait_names[i - verbs]);
  return out;
}

Traits common_traits() {
  Traits out;
  for (const Verb verb : {Verb::echo, Verb::spawn, Verb::wait, Verb::bad}) out.set(static_cast<std::size_t>(verb));
  return out;
}

Conversation generate(std::uint64_t seed, std::uint64_t number, bool parent) {
  return Generator(seed, number, parent).make();
}

std::vector<Conversation> simpler(const Conversation& conversation) {
  std::vector<Conversation> out;
  const auto& steps = conversation.steps;
  for (std::size_t chunk = steps.size() / 2; chunk > 0; chunk /= 2)
    for (std::size_t at = 0; at < steps.size(); at += chunk) {
      Conversation fewer = conversation;
      const auto from = fewer.steps.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.steps.erase(from, from + static_cast<std::ptrdiff_t>(std::min(chunk, fewer.steps.size() - at)));
      if (!fewer.steps.empty()) add(out, conversation, std::move(fewer));
    }
  for (int actor = 2; actor <= judges_actors; ++actor) {  // one actor of the judge's fewer
    Conversation renamed = conversation;
    for (Step& step : renamed.steps)
      if (step.from == actor) step.from = 1;
    add(out, conversation, std::move(renamed));
  }
  for (std::size_t i = 0; i < steps.size(); ++i)
    for (Step& step : simpler_steps(steps[i])) {
      Conversation plainer = conversation;
      plainer.steps[i] = std::move(step);
      add(out, conversation, std::move(plainer));
    }
  return out;
}

}  // namespace ffi_cts::peer
