//! Levels as an image: PNG, in greys or in colours.

use std::io::{self, Write};

use png::{BitDepth, ColorType, Encoder, EncodingError};

/// What the 256 levels look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colors {
    /// From black to white.
    #[default]
    Gray,
    /// From black over purple and orange to a light yellow, as bright as the level throughout:
    /// matplotlib's `magma`, between nine of its colours.
    Magma,
}

/// Colours of `magma`, at equal distances.
const MAGMA: [[u8; 3]; 9] = [
    [0, 0, 4],
    [29, 17, 71],
    [81, 18, 124],
    [130, 38, 129],
    [182, 54, 121],
    [230, 81, 100],
    [251, 136, 97],
    [254, 194, 135],
    [252, 253, 191],
];

/// Writes an image of `columns`, one behind the other, each of so many `rows` from the bottom up.
///
/// # Errors
/// When it cannot be written, or there is not a whole column.
pub fn write_image(
    out: &mut impl Write,
    columns: &[u8],
    rows: usize,
    colors: Colors,
) -> io::Result<()> {
    let width = columns.len().checked_div(rows).unwrap_or_default();
    if width == 0 {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "an image without a column"));
    }
    let mut image = vec![0; width * rows];
    for (column, levels) in columns.chunks_exact(rows).enumerate() {
        for (row, &level) in levels.iter().rev().enumerate() {
            image[row * width + column] = level;
        }
    }
    let failed = |error| match error {
        EncodingError::IoError(error) => error,
        other => io::Error::other(other),
    };
    let mut encoder = Encoder::new(out, width as u32, rows as u32);
    encoder.set_depth(BitDepth::Eight);
    match colors {
        Colors::Gray => encoder.set_color(ColorType::Grayscale),
        Colors::Magma => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(palette());
        }
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&image).map_err(failed)?;
    writer.finish().map_err(failed)
}

/// Red, green and blue of each level.
fn palette() -> Vec<u8> {
    let colors = (0..=255_u16).flat_map(|level| {
        let at = f32::from(level) / 255.0 * (MAGMA.len() - 1) as f32;
        let below = (at as usize).min(MAGMA.len() - 2);
        let share = at - below as f32;
        [0, 1, 2].map(|part| {
            let (low, high) = (f32::from(MAGMA[below][part]), f32::from(MAGMA[below + 1][part]));
            (low + share * (high - low)).round() as u8
        })
    });
    colors.collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Width, height and bytes of pixels.
    fn read(png: Vec<u8>) -> (u32, u32, Vec<u8>) {
        let mut decoder = png::Decoder::new(Cursor::new(png));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }

    #[test]
    fn columns_stand_side_by_side_with_their_first_row_at_the_bottom() {
        let mut png = Vec::new();
        write_image(&mut png, &[0, 255, 1, 254, 2, 253], 2, Colors::Gray).unwrap();
        assert_eq!(read(png), (3, 2, vec![255, 254, 253, 0, 1, 2]));
        let mut png = Vec::new();
        write_image(&mut png, &[0, 255], 2, Colors::Magma).unwrap();
        assert_eq!(read(png), (1, 2, vec![252, 253, 191, 0, 0, 4]));
        for (columns, rows) in [(&[][..], 2), (&[1], 2), (&[], 0), (&[1], 0)] {
            assert!(write_image(&mut Vec::new(), columns, rows, Colors::Gray).is_err());
        }
    }

    #[test]
    fn colours_become_brighter_with_the_level() {
        let palette = palette();
        assert_eq!(palette.len(), 3 * 256);
        let bright = |rgb: &[u8]| {
            0.2126 * f64::from(rgb[0]) + 0.7152 * f64::from(rgb[1]) + 0.0722 * f64::from(rgb[2])
        };
        let bright: Vec<f64> = palette.chunks(3).map(bright).collect();
        assert!(bright.windows(2).all(|two| two[0] <= two[1]), "{bright:?}");
    }
}
