// SPDX-License-Identifier: Apache-2.0

//! `salus supply label`: a GS1 DataMatrix to print.

use crate::{
	context::Context,
	output::{facts, plain},
};
use anyhow::{Context as _, bail};
use salus_gs1::ElementString;
use salus_supply::label::Label;
use serde_json::json;
use std::{fs::OpenOptions, io::Write, path::PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Print {
	/// What is on it, with its identifiers in brackets:
	/// (01)06291041500213(17)271231(10)L1(21)S1, or (00) and an SSCC.
	elements: String,
	/// The picture: a name that ends in .svg or .png.
	#[arg(long, short, value_name = "FILE")]
	output: PathBuf,
	/// How wide a module is in an SVG, in millimetres.
	#[arg(long, default_value_t = 0.5, value_name = "MILLIMETRES")]
	module: f64,
	/// How many dots a module has in a PNG.
	#[arg(long, default_value_t = 8, value_name = "COUNT")]
	dots: u32,
	/// Overwrite that file.
	#[arg(long)]
	force: bool,
}

/// Draws a label. Nobody is asked, and nothing of it is on the chain.
pub(super) fn print(context: &Context, print: &Print) -> anyhow::Result<()> {
	let elements = ElementString::parse_bracketed(print.elements.as_bytes())?;
	let label = Label::new(elements)?;
	let extension = print.output.extension().and_then(|extension| extension.to_str());
	let picture = match extension.map(str::to_ascii_lowercase).as_deref() {
		Some("svg") => label.svg(print.module)?.into_bytes(),
		Some("png") => label.png(print.dots)?,
		_ => {
			bail!("{} is no name of a picture: let it end in .svg or .png", print.output.display())
		},
	};
	let mut open = OpenOptions::new();
	open.write(true).create(true).truncate(true).create_new(!print.force);
	let written = open.open(&print.output).and_then(|mut file| file.write_all(&picture));
	written.with_context(|| format!("{} cannot be written", print.output.display()))?;
	let elements = label.elements().to_string();
	let answer = json!({ "elements": elements, "output": print.output });
	context.out.say(&answer, || {
		let output = plain(&print.output.display().to_string());
		facts(&[("elements", elements.clone()), ("written to", output)])
	})
}
