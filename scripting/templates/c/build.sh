#!/bin/sh
# Builds the component: `sh build.sh processor.wasm`. It takes Zig's compiler, wit-bindgen and
# wasm-tools: see README.md.
set -eu
cd "$(dirname "$0")"
out="${1:-processor.wasm}"
zig="${ZIG:-python3 -m ziglang}"
mkdir -p build
wit-bindgen c --world processor --out-dir build processor.wit
$zig cc -target wasm32-wasi -mexec-model=reactor -O2 -flto -s -Ibuild -o build/core.wasm \
  stem.c build/processor.c build/processor_component_type.o
wasm-tools component new build/core.wasm -o "$out"
echo "$out: $(wc -c < "$out") bytes"
