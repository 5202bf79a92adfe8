// SPDX-License-Identifier: Apache-2.0

//! The custodian as a whole: a server in this process, a chain that tests steer, real files.

mod chain;
mod erasure;
mod faults;
mod gateway;
mod harness;
mod lifecycle;
mod log;
mod objects;
mod release;
mod requests;
mod shares;
