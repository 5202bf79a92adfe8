// SPDX-License-Identifier: Apache-2.0

//! A label as a picture.

use super::{Label, LabelError, MAX_DOTS, QUIET};
use std::fmt::Write;

impl Label {
	/// As SVG: the symbol with modules of `module` millimetres, and the lines for people beside it.
	pub fn svg(&self, module: f64) -> Result<String, LabelError> {
		if !(0.25..=2.0).contains(&module) {
			return Err(LabelError::Millimetres(module));
		}
		let symbol = self.symbol.bitmap();
		let side = symbol.width().saturating_add(2 * QUIET as usize);
		let lines = self.lines();
		// Lines share the height of the symbol; a letter is about six tenths of its size wide.
		let size = (side as f64 / lines.len().max(4) as f64 * 0.8).min(4.0);
		let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
		let width = side as f64 + longest as f64 * size * 0.62 + f64::from(QUIET);
		let mut path = String::new();
		for (x, y) in symbol.pixels() {
			let (x, y) = (x.saturating_add(QUIET as usize), y.saturating_add(QUIET as usize));
			// Writing to a string never fails.
			let _ = write!(path, "M{x} {y}h1v1h-1z");
		}
		let mut text = String::new();
		for (number, line) in lines.iter().enumerate() {
			let y = f64::from(QUIET) + (number as f64 + 0.8) * size * 1.2;
			let line = escaped(line);
			let _ = write!(text, "<text x=\"{side}\" y=\"{y:.2}\">{line}</text>");
		}
		let (wide, high) = (width * module, side as f64 * module);
		Ok(format!(
			"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.2}mm\" height=\"{high:.2}mm\" \
			 viewBox=\"0 0 {width:.2} {side}\"><title>{}</title>\
			 <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
			 <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"{path}\"/>\
			 <g fill=\"#000\" font-family=\"monospace\" font-size=\"{size:.2}\">{text}</g></svg>\n",
			escaped(&self.elements.to_string()),
		))
	}

	/// As PNG: the symbol alone, with modules of `dots` dots, black on white.
	pub fn png(&self, dots: u32) -> Result<Vec<u8>, LabelError> {
		if !(1..=MAX_DOTS).contains(&dots) {
			return Err(LabelError::Dots(dots));
		}
		let (side, grey) = self.grey(dots);
		let failed = |error: png::EncodingError| LabelError::Picture(error.to_string());
		let mut bytes = Vec::new();
		let mut encoder = png::Encoder::new(&mut bytes, side, side);
		encoder.set_color(png::ColorType::Grayscale);
		encoder.set_depth(png::BitDepth::Eight);
		encoder.add_text_chunk("Title".into(), self.elements.to_string()).map_err(failed)?;
		let mut writer = encoder.write_header().map_err(failed)?;
		writer.write_image_data(&grey).map_err(failed)?;
		writer.finish().map_err(failed)?;
		Ok(bytes)
	}

	/// The dots of the picture, row by row, and how many a row has.
	fn grey(&self, dots: u32) -> (u32, Vec<u8>) {
		let symbol = self.symbol.bitmap();
		let width = symbol.width();
		let mut dark = vec![false; width.saturating_mul(width)];
		for (x, y) in symbol.pixels() {
			if let Some(module) = dark.get_mut(y.saturating_mul(width).saturating_add(x)) {
				*module = true;
			}
		}
		// A symbol has 144 modules a side at most.
		let modules = u32::try_from(width).unwrap_or_default().saturating_add(2 * QUIET);
		let side = modules.saturating_mul(dots);
		let is_dark = |x: u32, y: u32| {
			let place = |at: u32| usize::try_from((at / dots).checked_sub(QUIET)?).ok();
			let (x, y) = (place(x).filter(|x| *x < width)?, place(y)?);
			dark.get(y.saturating_mul(width).saturating_add(x)).copied()
		};
		let dot = |x, y| if is_dark(x, y) == Some(true) { 0 } else { u8::MAX };
		let grey = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
		(side, grey.map(|(x, y)| dot(x, y)).collect())
	}
}

/// Text within XML.
fn escaped(text: &str) -> String {
	text.chars().fold(String::new(), |mut escaped, character| {
		match character {
			'&' => escaped.push_str("&amp;"),
			'<' => escaped.push_str("&lt;"),
			'>' => escaped.push_str("&gt;"),
			'"' => escaped.push_str("&quot;"),
			other => escaped.push(other),
		}
		escaped
	})
}
