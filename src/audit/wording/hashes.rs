//! Numbers that stand for words, the same for the same word however its letters are written, and maps with such keys.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use crate::prose::fold::each_lower;

/// The number of no words.
pub const NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// The number of some words and one more.
pub fn with_word(words: u64, word: &str) -> u64 {
    let mut hash = words;
    each_lower(word, |c| hash = mix(hash, c.into()));
    mix(hash, 0)
}

/// One step of a hash (FNV-1a, over whole numbers in place of bytes, and the high bits folded in).
pub fn mix(hash: u64, next: u64) -> u64 {
    let mixed = (hash ^ next).wrapping_mul(0x0100_0000_01b3);
    mixed ^ (mixed >> 29)
}

/// A map whose keys are such numbers.
pub type ByHash<V> = HashMap<u64, V, BuildHasherDefault<Itself>>;

/// A set of such numbers.
pub type Hashes = HashSet<u64, BuildHasherDefault<Itself>>;

/// What is a hash already is not hashed again.
#[derive(Default)]
pub struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = mix(self.0, u64::from(*byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
