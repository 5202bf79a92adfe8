// SPDX-License-Identifier: Apache-2.0

//! What each call does, by topic.

mod containers;
mod dispensing;
mod duplicates;
mod holds;
mod leaving;
mod lots;
mod parcels;
mod products;
mod recalls;
mod shipments;
mod sweep;

pub(crate) use dispensing::weight_of_sale;
