#include "reference/remote/frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ffi_cts::remote {
namespace {

constexpr std::uint8_t byte_string = 2, text_string = 3;  // major types
constexpr std::uint8_t head_with_four_bytes = 0x5a;

std::string hex(std::uint8_t byte) {
  constexpr auto digits = "0123456789abcdef";
  return {digits[byte >> 4], digits[byte & 0xf]};
}

}  // namespace

void write_frame(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> content,
                 std::span<const std::uint8_t> rest) {
  const auto size = static_cast<std::uint32_t>(content.size() + rest.size());
  const auto byte = [size](unsigned shift) { return static_cast<std::uint8_t>(size >> shift); };
  const std::array<std::uint8_t, 5> head{head_with_four_bytes, byte(24), byte(16), byte(8), byte(0)};
  const std::size_t begin = out.size();
  out.resize(begin + head.size() + size);
  std::uint8_t* at = std::copy(head.begin(), head.end(), out.data() + begin);
  at = std::copy(content.begin(), content.end(), at);
  std::copy(rest.begin(), rest.end(), at);
}

std::span<std::uint8_t> FrameReader::space(std::size_t size) {
  if (begin_ > 0) {
    std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
    end_ -= std::exchange(begin_, 0);
  }
  if (buffer_.size() - end_ < size) buffer_.resize(std::max(end_ + size, 2 * end_));
  return std::span(buffer_).subspan(end_);
}

void FrameReader::feed(std::span<const std::uint8_t> piece) {
  if (error_) return;
  std::copy(piece.begin(), piece.end(), space(piece.size()).data());
  filled(piece.size());
}

// As all senders write it.
inline std::optional<FrameReader::Head> FrameReader::usual_head() const noexcept {
  const std::uint8_t* const at = buffer_.data() + begin_;
  if (end_ - begin_ < 5 || *at != head_with_four_bytes) return std::nullopt;
  const std::uint64_t content =
      std::uint64_t{at[1]} << 24 | std::uint64_t{at[2]} << 16 | std::uint64_t{at[3]} << 8 | at[4];
  return content <= limit_ ? std::optional(Head{5, content}) : std::nullopt;
}

std::optional<std::span<const std::uint8_t>> FrameReader::next() {
  if (error_) return std::nullopt;
  std::optional<Head> frame = usual_head();
  if (!frame) frame = head();
  if (!frame || end_ - begin_ - frame->size < frame->content) return std::nullopt;
  const auto content = std::span<const std::uint8_t>(buffer_).subspan(begin_ + frame->size, frame->content);
  begin_ += frame->size + frame->content;
  return content;
}

std::optional<FrameReader::Head> FrameReader::head() {
  const auto rest = std::span<const std::uint8_t>(buffer_).subspan(begin_, end_ - begin_);
  if (rest.empty()) return std::nullopt;
  const std::uint8_t first = rest[0];
  const auto major = static_cast<std::uint8_t>(first >> 5);
  const auto info = static_cast<std::uint8_t>(first & 0x1f);
  if ((major != byte_string && major != text_string) || info > 27) {
    error_ = FrameError{"a frame begins with " + hex(first) + ", which is no head of a definite string"};
    return std::nullopt;
  }
  const std::size_t length_bytes = info < 24 ? 0 : std::size_t{1} << (info - 24);
  if (rest.size() < 1 + length_bytes) return std::nullopt;
  std::uint64_t content = info < 24 ? info : 0;
  for (const std::uint8_t byte : rest.subspan(1, length_bytes)) content = content << 8 | byte;
  if (content > limit_) {
    error_ =
        FrameError{"a frame of " + std::to_string(content) + " bytes is over the limit of " + std::to_string(limit_)};
    return std::nullopt;
  }
  return Head{1 + length_bytes, content};
}

}  // namespace ffi_cts::remote
