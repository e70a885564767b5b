// See float_status.c; linked into numpy's core alone, which the others take it from.
int numpy_float_status;
