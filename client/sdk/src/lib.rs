// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

pub mod batch;
pub mod calls;
mod chain;
mod connection;
pub mod custodian;
pub mod did;
pub mod epochs;
mod error;
pub mod index;
pub mod keystore;
pub mod login;
pub mod password;
#[cfg(test)]
mod shape;
mod submit;
mod time;
pub mod types;
mod views;
pub mod wire;

pub use chain::{At, Chain, Config, NodeInfo};
pub use error::{Error, one_line};
pub use submit::{Call, METADATA_BYTES, Receipt, Stage, Wait, committed_metadata};
pub use subxt_signer::{self, sr25519::Keypair};
pub use time::utc;
