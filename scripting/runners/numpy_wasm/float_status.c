// The floating-point status, which WASM's arithmetic has not: a word in memory.
//
// What the arithmetic itself would note is lost: 1.0/0.0 is inf and warns nobody. What numpy notes
// by itself is kept: a singular matrix, an integer divided by zero, a cast that does not fit. One
// module sees what another noted, so the word is in one of them only, `float_status_word.c`.
#define MINE __attribute__((visibility("hidden")))

extern int numpy_float_status;

MINE int feclearexcept(int which) {
    numpy_float_status &= ~which;
    return 0;
}

MINE int feraiseexcept(int which) {
    numpy_float_status |= which;
    return 0;
}

MINE int fetestexcept(int which) {
    return numpy_float_status & which;
}
