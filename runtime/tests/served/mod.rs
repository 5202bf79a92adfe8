// SPDX-License-Identifier: Apache-2.0

//! The runtime's metadata as clients decode it.

use codec::Decode as _;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed, v16::RuntimeMetadataV16};
use salus_runtime::Runtime;
use scale_info::{TypeDef, Variant, form::PortableForm, interner::UntrackedSymbol};
use std::{any::TypeId, ops::Deref};

/// Metadata of version 16.
pub(crate) struct Metadata(RuntimeMetadataV16);

impl Metadata {
	/// What the runtime serves.
	pub(crate) fn of_the_runtime() -> Self {
		let bytes = Runtime::metadata_at_version(16).expect("version 16 is served");
		let metadata = RuntimeMetadataPrefixed::decode(&mut &bytes[..]).expect("it is well-formed");
		let RuntimeMetadata::V16(metadata) = metadata.1 else { panic!("it is what was asked for") };
		Self(metadata)
	}
}

impl Deref for Metadata {
	type Target = RuntimeMetadataV16;

	fn deref(&self) -> &RuntimeMetadataV16 {
		&self.0
	}
}

/// The variants of an enum: calls, events or errors.
pub(crate) fn variants(
	metadata: &Metadata,
	listed: UntrackedSymbol<TypeId>,
) -> impl Iterator<Item = &Variant<PortableForm>> {
	let listed = metadata.types.resolve(listed.id).expect("a type that is named is there");
	let TypeDef::Variant(listed) = &listed.type_def else { panic!("it is an enum") };
	listed.variants.iter()
}
