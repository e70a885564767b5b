// Stands in for C++ exceptions, which this target has not.
//
// numpy's C++ throws where memory ran out, and for arguments that its C has already looked at. Such
// a throw ends the instance, which is what the sandbox does with one that is out of memory anyway.
#include <cstddef>

extern "C" void *__cxa_allocate_exception(std::size_t) noexcept { __builtin_trap(); }

extern "C" [[noreturn]] void __cxa_throw(void *, void *, void (*)(void *)) { __builtin_trap(); }
