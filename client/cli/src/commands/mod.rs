// SPDX-License-Identifier: Apache-2.0

//! One file per group of commands: what it takes, and what it does.

pub(crate) mod account;
pub(crate) mod accredit;
pub(crate) mod affiliate;
pub(crate) mod audit;
pub(crate) mod consent;
pub(crate) mod did;
pub(crate) mod identity;
pub(crate) mod inbox;
pub(crate) mod info;
pub(crate) mod key;
pub(crate) mod login;
pub(crate) mod reading;
pub(crate) mod record;
pub(crate) mod register;
pub(crate) mod service;
pub(crate) mod sponsor;
pub(crate) mod supply;
pub(crate) mod vault;
