// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

mod digest;
mod header;
mod jcs;
mod keys;
mod layout;
mod metadata;
mod open;
mod parts;
mod seal;
mod stream;
mod tags;
mod wrap;

pub mod vault;

pub use digest::{
	BodyCommitment, BodyHasher, CiphertextHash, CiphertextHasher, CommitmentSalt, ParseHashError,
	Sha256Hasher, leaf_data,
};
pub use header::{Header, HeaderError, Suite};
pub use hpke::rand_core;
pub use keys::{
	AgreementPublic, AgreementSecret, AtRestError, CompartmentPublic, CompartmentSecret,
	ContentKey, CustodianShare, KeyEncryptionKey, PrivateKey, PublicKey, PublicKeyError,
	ReaderShare, Secret, VaultKey, os_rng,
};
pub use layout::{object_len, padme};
pub use metadata::{Metadata, MetadataError, RecordMetadata};
pub use open::{OpenError, Opened, Opener};
pub use parts::{Division, KeyPart, MAX_PARTS, PartsError};
pub use seal::{SealError, Sealed, Sealer};
pub use tags::{IndexKey, Term, TermError};
pub use wrap::{Addressee, EpochContext, RecipientHash, RecordContext, Wrap, WrapError};
