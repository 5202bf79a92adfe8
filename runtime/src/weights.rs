// SPDX-License-Identifier: Apache-2.0

//! Weights that are not of our pallets: of what every transaction takes a part of, measured on this
//! runtime, and of the database below it.

pub mod frame_system_extensions;
pub mod pallet_balances;
pub mod pallet_transaction_payment;
pub mod parity_db;
