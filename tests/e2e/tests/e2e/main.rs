// SPDX-License-Identifier: Apache-2.0

//! Journeys over the programs as they ship. One binary, so that they run side by side: each has a
//! node of its own, and waits for blocks most of the time.

mod archive;
mod authority;
mod bad_input;
mod batch;
mod consent;
mod custodians;
mod emergency;
mod enforcement;
mod erasure;
mod finality;
mod gateway;
mod journey;
mod login;
mod operator;
mod people;
mod search;
mod supply;
