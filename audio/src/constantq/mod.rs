//! Transforms with a bin for each note, not each hertz, as `librosa.core.constantq`.
//!
//! Octave after octave from the highest down, each at half the sample rate of the one above, so
//! that all take the same short frames. Knows samples and bins; never what they mean in music.
//!
//! Brown, J. C. Calculation of a constant Q spectral transform. Journal of the Acoustical Society
//! of America, 1991; Schörkhuber, C. and Klapuri, A. Constant-Q transform toolbox for music
//! processing. Sound and Music Computing Conference, 2010.

mod basis;
mod inverse;
mod options;
mod pseudo;
mod transform;

pub use inverse::{griffinlim_cqt, icqt};
pub use options::{ConstantQ, Vqt};
pub use pseudo::{hybrid_cqt, pseudo_cqt};
pub use transform::{cqt, vqt};
