#include "harness/native/call.hpp"

#include <stdexcept>

namespace ffi_cts::native {
namespace {

ffi_type* size_type() { return sizeof(std::size_t) == 8 ? &ffi_type_uint64 : &ffi_type_uint32; }

}  // namespace

ffi_type* Types::of(const Type& type) {
  switch (type.kind) {
    case Kind::integer: return &ffi_type_sint64;
    case Kind::unsigned_: return &ffi_type_uint64;
    case Kind::boolean: return &ffi_type_sint;
    case Kind::floating: return &ffi_type_double;
    case Kind::structure: return structure(*type.structure);
    case Kind::text:
    case Kind::bytes:
    case Kind::list: break;
  }
  return &ffi_type_pointer;
}

ffi_type* Types::structure(const Struct& structure) {
  if (auto known = known_.find(&structure); known != known_.end()) return known->second;
  Made& made = made_.emplace_back();
  for (const Field& field : structure.fields) {
    if (field.optional) made.members.push_back(&ffi_type_sint);
    made.members.push_back(of(field.type));
    if (has_length(field.type)) made.members.push_back(size_type());
  }
  made.members.push_back(nullptr);
  made.type.type = FFI_TYPE_STRUCT;
  made.type.elements = made.members.data();  // size and alignment are libffi's to find
  return known_[&structure] = &made.type;
}

Call::Call(Types& types, const Signature& signature, Shape shape) : signature_(signature), shape_(shape) {
  auto params = [&] {
    for (const Field& param : signature.params) {
      types_.push_back(types.of(param.type));
      if (has_length(param.type)) types_.push_back(size_type());
    }
  };
  if (shape == Shape::proc) types_.push_back(&ffi_type_pointer);
  if (shape == Shape::constructor) params();
  types_.insert(types_.end(), 2, &ffi_type_pointer);
  if (shape != Shape::constructor) params();
  ffi_type* result = shape == Shape::constructor ? &ffi_type_pointer : &ffi_type_sint;
  if (ffi_prep_cif(&cif_, FFI_DEFAULT_ABI, static_cast<unsigned>(types_.size()), result, types_.data()) != FFI_OK)
    throw std::runtime_error("libffi cannot describe a native call");
}

std::uint64_t Call::call(void* function, void* ctx, FFICallBack callback, void* user_data, const Arguments& arguments, const std::uint8_t* block) const {
  std::vector<void*> values;
  values.reserve(types_.size());
  auto params = [&] {
    for (const std::size_t place : arguments.places) values.push_back(const_cast<std::uint8_t*>(block + place));
  };
  if (shape_ == Shape::proc) values.push_back(&ctx);
  if (shape_ == Shape::constructor) params();
  values.insert(values.end(), {static_cast<void*>(&callback), static_cast<void*>(&user_data)});
  if (shape_ != Shape::constructor) params();
  std::uint64_t result = 0;  // libffi writes 8 bytes also where less is returned
  ffi_call(&cif_, reinterpret_cast<void (*)()>(function), &result, values.data());
  return result;
}

void* Call::create(void* function, const Arguments& arguments, const std::uint8_t* block, FFICallBack callback, void* user_data) const {
  return reinterpret_cast<void*>(call(function, nullptr, callback, user_data, arguments, block));
}

int Call::submit(void* function, void* ctx, FFICallBack callback, void* user_data, const Arguments& arguments, const std::uint8_t* block) const {
  return static_cast<int>(call(function, ctx, callback, user_data, arguments, block));
}

}  // namespace ffi_cts::native
