"""The host's `audio` for tests: the wheel's compiled library, which `TUTTI_NATIVE` names."""

import importlib.util
import io
import os
import sys

import numpy as np

DTYPES = {
    "FLOAT32": "<f4",
    "FLOAT64": "<f8",
    "COMPLEX64": "<c8",
    "INT32": "<i4",
    "INT64": "<i8",
    "UINT8": "u1",
    "BOOLEAN": "?",
}


def compiled():
    """The library, or None."""
    path = os.environ.get("TUTTI_NATIVE")
    if not path:
        return None
    spec = importlib.util.spec_from_file_location("_native", path)
    module = importlib.util.module_from_spec(spec)
    # It looks for its own errors there.
    kept = sys.modules.get("tutti._native")
    spec.loader.exec_module(module)
    if kept is not None:
        sys.modules["tutti._native"] = kept
    return module


class Library:
    """Answers as the engine does. `binding` has the contract's types."""

    def __init__(self, module):
        self.module, self.called = module, []

    def load(self, binding, recording, sr, mono, offset, duration):
        self.called.append(f"load {len(recording)}")
        made, rate, _ = self._ask(binding, "load", bytes(recording), sr, mono, offset, duration)
        made = made[:, 0] if mono or made.shape[1] == 1 else made.T
        return self._array(binding, made), float(rate if sr is None else sr)

    def call(self, binding, name, values):
        self.called.append(name)
        rest = iter(values)
        arguments = []
        while (value := next(rest, None)) is not None:
            arguments.append(self._lift(binding, value, rest))
        made = []
        self._lower(binding, self._ask(binding, name, *arguments), made)
        return made

    def _ask(self, binding, name, *arguments):
        from native import TYPES, Err

        try:
            return getattr(self.module, name)(*arguments)
        except self.module.ParameterError as error:
            raise Err(binding.Problem_Parameter(str(error))) from None
        except self.module.DecodeError as error:
            refusal = TYPES.Refusal_Unreadable(str(error))
            raise Err(binding.Problem_Refused(refusal)) from None
        except AttributeError:
            told = f'the library has no function "{name}"'
            raise Err(binding.Problem_Missing(told)) from None

    def _lift(self, binding, value, rest):
        if isinstance(value, binding.Value_None_):
            return None
        if isinstance(value, binding.Value_Sequence):
            return tuple(self._lift(binding, next(rest), rest) for _ in range(value.value))
        if isinstance(value, binding.Value_Array):
            array = value.value
            flat = np.frombuffer(array.data, DTYPES[array.dtype.name])
            return flat.reshape(tuple(array.shape), order=array.order.name[0])
        return value.value

    def _lower(self, binding, value, into):
        kinds = (
            (bool, binding.Value_Boolean),
            (int, binding.Value_Integer),
            (float, binding.Value_Number),
            (str, binding.Value_Text),
        )
        if value is None:
            into.append(binding.Value_None_())
        elif isinstance(value, np.ndarray):
            into.append(binding.Value_Array(self._array(binding, value)))
        elif isinstance(value, (list, tuple)):
            into.append(binding.Value_Sequence(len(value)))
            for part in value:
                self._lower(binding, part, into)
        else:
            into.append(next(make for kind, make in kinds if isinstance(value, kind))(value))

    def _array(self, binding, array):
        dtype = next(name for name, dtype in DTYPES.items() if np.dtype(dtype) == array.dtype)
        is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        order = binding.Order.FORTRAN if is_fortran else binding.Order.C
        data = array.tobytes("F" if is_fortran else "C")
        return binding.Array(binding.Dtype[dtype], list(array.shape), order, data)


def wav(samples, rate=22050):
    """A recording of 16 bits."""
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setparams((1, 2, rate, 0, "NONE", ""))
        made.writeframes((np.asarray(samples) * 32767).astype("<i2").tobytes())
    return out.getvalue()
