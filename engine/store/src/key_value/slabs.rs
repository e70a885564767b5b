//! Whether sled's files of values are as long as what its metadata says lies in them.
//!
//! sled notices a file that is too short only when it reads there, and then writes to standard
//! output and standard error before it fails: in the midst of results, with the folders that it was
//! built in. Never changes a file.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::metadata;

/// Bytes of one value in each of the files, which are named by it.
const SIZES: [u64; 78] = [
    64,
    80,
    96,
    112,
    128,
    160,
    192,
    224,
    256,
    320,
    384,
    448,
    512,
    640,
    768,
    896,
    1_024,
    1_280,
    1_536,
    1_792,
    2_048,
    2_560,
    3_072,
    3_584,
    4_096,
    5_120,
    6_144,
    7_168,
    8_192,
    10_240,
    12_288,
    14_336,
    16_384,
    20_480,
    24_576,
    28_672,
    32_768,
    40_960,
    49_152,
    57_344,
    65_536,
    98_304,
    131_072,
    163_840,
    196_608,
    262_144,
    393_216,
    524_288,
    786_432,
    1_048_576,
    1_572_864,
    2_097_152,
    3_145_728,
    4_194_304,
    6_291_456,
    8_388_608,
    12_582_912,
    16_777_216,
    25_165_824,
    33_554_432,
    50_331_648,
    67_108_864,
    100_663_296,
    134_217_728,
    201_326_592,
    268_435_456,
    402_653_184,
    536_870_912,
    805_306_368,
    1_073_741_824,
    1_610_612_736,
    2_147_483_648,
    3_221_225_472,
    4_294_967_296,
    6_442_450_944,
    8_589_934_592,
    12_884_901_888,
    17_179_869_184,
];
/// The lower bits of a location: which value in the file. Above them is the file's number, from 1.
const SLOT_BITS: u32 = 56;
/// An object, its collection, its location, and the length of its lowest key, which follows.
const ENTRY_BYTES: usize = 32;

/// Checks the files of values in sled's `folder` against its snapshot and its logs, in order.
pub(super) fn check(folder: &Path, snapshot_and_logs: &[PathBuf]) -> io::Result<()> {
    let mut locations = HashMap::new();
    for path in snapshot_and_logs {
        for batch in metadata::batches(&fs::read(path)?) {
            follow(batch, &mut locations)?;
        }
    }
    let mut ends = [0; SIZES.len()];
    for location in locations.into_values() {
        let slot = location & ((1 << SLOT_BITS) - 1);
        let number =
            usize::try_from(location >> SLOT_BITS).ok().and_then(|number| number.checked_sub(1));
        let place = number.and_then(|number| Some((ends.get_mut(number)?, SIZES.get(number)?)));
        let (end, size) = place.ok_or_else(|| damaged("a value is in no file".into()))?;
        *end = slot.saturating_add(1).saturating_mul(*size).max(*end);
    }
    for (end, size) in ends.into_iter().zip(SIZES).filter(|(end, _)| *end > 0) {
        let path = folder.join("slabs").join(size.to_string());
        let length = match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            metadata => metadata?.len(),
        };
        if length < end {
            let name = path.display();
            return Err(damaged(format!("\"{name}\" has {length} bytes instead of {end}")));
        }
    }
    Ok(())
}

/// Adds where the objects of a batch lie to `locations`, and takes off those that are gone.
fn follow(batch: &[u8], locations: &mut HashMap<u64, u64>) -> io::Result<()> {
    let mut entries = zstd::stream::read::Decoder::with_buffer(batch)?;
    loop {
        let mut entry = [0; ENTRY_BYTES];
        match entries.read_exact(&mut entry) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            read => read?,
        }
        let number = |at| u64::from_le_bytes(entry.as_chunks().0[at]);
        let (object, location, key_bytes) = (number(0), number(2), number(3));
        io::copy(&mut entries.by_ref().take(key_bytes), &mut io::sink())?;
        match location {
            0 => locations.remove(&object),
            _ => locations.insert(object, location),
        };
    }
}

fn damaged(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_are_those_of_the_files_that_sled_makes() {
        let folder = tempfile::tempdir().unwrap();
        drop(sled::Config::new().path(folder.path()).open::<128>().unwrap());
        let entries = fs::read_dir(folder.path().join("slabs")).unwrap();
        let mut names: Vec<u64> = entries
            .filter_map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().ok())
            .collect();
        names.sort_unstable();
        assert_eq!(names, SIZES);
    }
}
