//! Spectra and signals from mel bands and cepstra.

use tutti_audio::features::{
    MelInverse, Mfcc, mel_of_spectrogram, mel_to_audio, mel_to_stft, melspectrogram, mfcc,
    mfcc_to_audio,
};
use tutti_audio::filters::{Mel, MelBank};
use tutti_audio::spectrum::{Decibels, Stft, power_to_db, spectrogram};
use tutti_audio::util::nnls;

use crate::golden::{Case, Output};
use crate::transforms::search;

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    if case.function == "util.nnls" {
        let (stft, mel) = (case.stft(None), Mel::default());
        let bands = melspectrogram(&case.y(), case.sr(), &stft, &mel).unwrap();
        let bank = MelBank::new(case.sr(), stft.n_fft, &mel).unwrap();
        return Some(nnls(&bank.weights(), &bands).unwrap().into());
    }
    let name = case.function.strip_prefix("feature.inverse.")?;
    let mel =
        Mel { n_mels: case.count("n_mels", 128), htk: case.flag("htk", false), ..Mel::default() };
    let stft = Stft { n_fft: case.count("n_fft", 2048), hop_length: Some(512), ..Stft::default() };
    let power = case.number("power", 2.0);
    let inverse = MelInverse { sr: case.sr(), stft, power, mel, search: search(case) };
    let bands = if power == 2.0 {
        melspectrogram(&case.y(), case.sr(), &inverse.stft, &inverse.mel).unwrap()
    } else {
        let bank = MelBank::new(case.sr(), inverse.stft.n_fft, &inverse.mel).unwrap();
        mel_of_spectrogram(&spectrogram(&case.y(), &inverse.stft, power).unwrap(), &bank).unwrap()
    };
    Some(match name {
        "mel_to_stft" => mel_to_stft(&bands, &inverse).unwrap().into(),
        "mel_to_audio" => mel_to_audio(&bands, &inverse, None).unwrap().into(),
        "mfcc_to_audio" => {
            let decibels = power_to_db(&bands, &Decibels::default()).unwrap();
            let options = Mfcc {
                n_mfcc: case.count("n_mfcc", 20),
                lifter: case.number("lifter", 0.0),
                ..Mfcc::default()
            };
            let coefficients = mfcc(&decibels, &options).unwrap();
            mfcc_to_audio(&coefficients, &options, 1.0, &inverse, None).unwrap().into()
        }
        _ => return None,
    })
}
