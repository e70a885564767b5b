// See float_status.c; linked into numpy's core alone, from which the other modules take it.
__attribute__((visibility("default"), used)) int numpy_float_status;
