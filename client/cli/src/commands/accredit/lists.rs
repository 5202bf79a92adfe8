// SPDX-License-Identifier: Apache-2.0

//! Status lists: long lists of bits off chain (W3C Bitstring Status List 1.0), anchored by their hash.

use crate::{
	context::Context,
	document,
	output::facts,
	values::{Party, when},
};
use anyhow::{anyhow, bail};
use clap::Subcommand as ClapSubcommand;
use salus_client::calls;
use salus_primitives::{Digest, blake2_256};
use serde_json::json;
use std::path::PathBuf;

#[derive(ClapSubcommand, Debug)]
pub(crate) enum Command {
	/// Anchor a list, or its next state, as an authority.
	Set {
		/// The number of the list.
		number: u32,
		/// The list as it is published.
		#[arg(long, value_name = "FILE")]
		file: PathBuf,
		/// Where it is published.
		#[arg(long)]
		url: String,
	},
	/// What an authority anchored, and whether a file is it.
	Show {
		/// Which authority.
		authority: Party,
		/// The number of the list.
		number: u32,
		/// The list as it was fetched.
		#[arg(long, value_name = "FILE")]
		file: Option<PathBuf>,
	},
}

pub(super) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Set { number, file, url } => {
			let is_address =
				url.starts_with("https://") && url.bytes().all(|b| b.is_ascii_graphic());
			if !is_address || url.len() > 128 {
				bail!("`{url}` is no address of a list: write one with https://, at most 128 long");
			}
			let digest = Digest(blake2_256(&document::read(&file)?));
			let secrets = context.secrets()?;
			let chain = context.chain().await?;
			let at = chain.best().await?;
			let me = context.me(&at, &secrets).await?;
			let current = at.status_list(me.id, number).await?;
			let sequence = current.map_or(1, |list| list.sequence.saturating_add(1));
			let locator = url.as_bytes().to_vec();
			let call = calls::accreditation::set_status_list(number, digest, locator, sequence);
			context.submit(&chain, &call, &secrets.signer()).await?;
			let answer = json!({ "authority": me.id, "list": number, "digest": digest, "sequence": sequence });
			context.out.say(&answer, || {
				format!("list {number} is anchored in its state {sequence}: {digest}")
			})
		},
		Command::Show { authority, number, file } => {
			let given = file.map(|file| document::read(&file)).transpose()?;
			let at = context.chain().await?.best().await?;
			let id = context.identity(&at, &authority).await?;
			let list = at.status_list(id, number).await?;
			let list = list.ok_or_else(|| anyhow!("{id} has anchored no list {number}"))?;
			if given.is_some_and(|given| Digest(blake2_256(&given)) != list.digest) {
				bail!("the file is not the list that {id} anchored: fetch it again, or ask {id}");
			}
			let url = String::from_utf8_lossy(&list.locator).into_owned();
			let answer = json!({ "authority": id, "list": number, "url": url, "anchor": list });
			context.out.say(&answer, || {
				facts(&[
					("list", number.to_string()),
					("address", url.clone()),
					("digest", list.digest.to_string()),
					("state", list.sequence.to_string()),
					("anchored (UTC)", when(list.anchored_at)),
					("believed", if list.is_believed { "yes" } else { "no" }.into()),
				])
			})
		},
	}
}
