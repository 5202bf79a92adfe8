// SPDX-License-Identifier: Apache-2.0

//! The custodian as a whole: a server in this process, a chain that tests steer, real files.

mod audit;
mod chain;
mod crash;
mod erasure;
mod faults;
mod gateway;
mod harness;
mod holder;
mod instances;
mod lifecycle;
mod load;
mod log;
mod objects;
mod release;
mod requests;
mod reseal;
mod s3;
mod shares;
mod supply;
mod tls;
