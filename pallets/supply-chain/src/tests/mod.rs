// SPDX-License-Identifier: Apache-2.0

pub(crate) mod actors;
mod custody;
mod master;
mod model;
mod status;
mod units;
