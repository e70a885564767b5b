//! Zip, as APPNOTE 6.3 has it: stored and deflated entries, of any size and number.

mod names;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::{Directory, Entry, Method, contents};
pub(crate) use write::Writer;

const LOCAL_HEAD: u32 = 0x0403_4b50;
const CENTRAL_HEAD: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LARGE_END: u32 = 0x0606_4b50;
const LARGE_END_PLACE: u32 = 0x0706_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
/// What a number of 32 bits says where it stands elsewhere, with 64.
const ELSEWHERE: u64 = 0xffff_ffff;
/// The same of 16 bits.
const ELSEWHERE_SHORT: u64 = 0xffff;
/// The extra field that has the numbers of 64 bits.
const LARGE_FIELD: u64 = 1;
/// The flag of an entry that is encrypted.
const IS_ENCRYPTED: u64 = 1;
/// The flag of an entry whose sizes and sum stand behind its content.
const HAS_DESCRIPTOR: u16 = 1 << 3;
/// The flag of an entry whose name is UTF-8.
const IS_UTF8: u16 = 1 << 11;
