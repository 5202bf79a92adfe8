// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

pub mod epcis;
pub mod label;
mod leaves;
mod master;
mod proof;
pub mod scan;
mod serials;
mod slips;

pub use leaves::{
	Commissioned, LeafError, LeafFile, LeafFileBuilder, LeafHead, MAGIC, MAX_LEAVES, Row, Stage,
	commission, leaf_file_len,
};
pub use master::{MasterSalt, SaltFileError};
pub use proof::UnitLeafProof;
pub use serials::{SerialFault, SerialList, SerialRow};
pub use slips::slips;
