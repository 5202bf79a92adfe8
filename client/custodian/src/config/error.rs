// SPDX-License-Identifier: Apache-2.0

//! Why a service cannot start.

use crate::{store::OpenError, tls::TlsError};
use salus_client::keystore::KeystoreError;
use salus_primitives::IdentityId;
use std::{io, net::SocketAddr, path::PathBuf};

/// Why a service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
	/// A store does not open.
	#[error(transparent)]
	Store(#[from] OpenError),
	/// Backups of the one would be backups of the other, in a directory or in a bucket.
	#[error(
		"--keys lies inside --store: put the keys of the shares apart, or erasure means nothing"
	)]
	KeysInStore,
	/// The store does not work.
	#[error("the store does not work: {0}")]
	Row(crate::Error),
	/// The log cannot go on where the chain says it ends.
	#[error("the log cannot go on: {0}")]
	Log(crate::Error),
	/// Both halves of a key at one place.
	#[error(
		"{0} offers to hold emergency keys, and whoever does keeps no key shares: start it with \
		 --emergency-holder, or keep the shares under another organisation"
	)]
	HoldsEmergencyKeys(IdentityId),
	/// The same, the other way round.
	#[error(
		"{0} is accredited to keep key shares, and whoever does holds no emergency keys: hold them \
		 under another organisation"
	)]
	KeepsShares(IdentityId),
	/// It offered nobody to hold keys.
	#[error(
		"{0} offers nobody to hold emergency keys: call consent.set_emergency_holder first, and wait \
		 until that is final"
	)]
	HoldsNothing(IdentityId),
	/// No TLS with these files.
	#[error(transparent)]
	Tls(#[from] TlsError),
	/// The key cannot be read.
	#[error(transparent)]
	Keystore(#[from] KeystoreError),
	/// Another file cannot be read or written.
	#[error("{path} cannot be used: {reason}")]
	File {
		/// Which file.
		path: PathBuf,
		/// What is wrong with it.
		reason: String,
	},
	/// A keystore without a password.
	#[error("the keystore needs its password: set {variable} or {option}")]
	NoPassword {
		/// The variable that may hold it.
		variable: &'static str,
		/// The option that may name a file with it.
		option: &'static str,
	},
	/// The node is not there.
	#[error(transparent)]
	Node(#[from] salus_client::Error),
	/// The chain does not answer.
	#[error("the node does not answer: {0}")]
	Chain(#[from] crate::chain::ChainError),
	/// The account is nobody's.
	#[error(
		"the account {0} may not write an access log for an active identity: register the custodian's \
		 organisation first, or use a key with the scope access-log"
	)]
	NoIdentity(String),
	/// The gateway's account is nobody's.
	#[error(
		"the account {0} may not give verdicts for an active identity: register the organisation \
		 first, or use a key with the scope record-anchor"
	)]
	NoGatewayIdentity(String),
	/// The gateway's account is a person's.
	#[error(
		"the gateway's key belongs to {0}, which is no organisation: name one of an organisation's"
	)]
	NoOrganisation(IdentityId),
	/// What was erased on chain cannot be erased here.
	#[error("erasures of the chain cannot be applied, so nothing is served: {0}")]
	Erasures(crate::Error),
	/// The account is another's.
	#[error("the account is a key of {found}, not of {given}: name the right --identity or --key")]
	OtherIdentity {
		/// Whose it is.
		found: IdentityId,
		/// Whose it should be.
		given: IdentityId,
	},
	/// The port is taken.
	#[error("cannot listen at {address}: {source}")]
	Listen {
		/// Where.
		address: SocketAddr,
		/// What the system says.
		source: io::Error,
	},
	/// The folder of leaf files cannot be used.
	#[error("the folder of leaf files (--supply-files) cannot be used: {0}")]
	Supply(#[source] io::Error),
	/// A counter cannot be made.
	#[error("metrics cannot be set up: {0}")]
	Metrics(#[from] prometheus::Error),
}
