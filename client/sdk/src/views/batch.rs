// SPDX-License-Identifier: Apache-2.0

//! A batch of units by its number alone.

use crate::{At, Error, types::supply::BatchView};
use salus_gs1::UdiDi;
use salus_primitives::{BatchIx, LotIx};
use subxt::{ext::scale_decode, storage};

/// What is read of a row of `SupplyChain.Batches`: fields are found by name.
#[derive(scale_decode::DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Row {
	lot: u64,
}

impl At {
	/// A batch, and of which product it is. None when there is no such batch.
	pub async fn unit_batch(&self, batch: BatchIx) -> Result<Option<(UdiDi, BatchView)>, Error> {
		let address = storage::dynamic::<(u64,), Row>("SupplyChain", "Batches");
		let found = self.block.storage().try_fetch(address, (batch.0,)).await;
		let Some(found) = found.map_err(|error| self.error(error))? else { return Ok(None) };
		let Row { lot } = found.decode().map_err(|error| self.error(error))?;
		let lot = LotIx(lot);
		let (summary, batches) = (self.lot_summary(lot).await?, self.lot_batches(lot).await?);
		let view = batches.into_iter().find(|view| view.batch == batch);
		Ok(summary.map(|summary| summary.product).zip(view))
	}
}

#[cfg(test)]
mod tests {
	use crate::submit::committed_metadata;

	#[test]
	fn a_batch_names_its_lot() {
		let metadata = committed_metadata();
		let Some(pallet) = metadata.pallet_by_name("SupplyChain") else {
			eprintln!("SKIPPED: the committed metadata have no SupplyChain yet");
			return;
		};
		let entry = pallet.storage().and_then(|rows| rows.entry_by_name("Batches")).unwrap();
		let row = metadata.types().resolve(entry.value_ty()).unwrap();
		let scale_info::TypeDef::Composite(row) = &row.type_def else { panic!("{row:?}") };
		let named = |name| row.fields.iter().any(|field| field.name.as_deref() == Some(name));
		assert!(named("lot"), "{row:?}");
	}
}
