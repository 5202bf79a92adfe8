// SPDX-License-Identifier: Apache-2.0

//! Counters and gauges for Prometheus. No label ever holds an id.

use axum::{
	http::{StatusCode, header::CONTENT_TYPE},
	response::{IntoResponse, Response},
};
use prometheus::{
	Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
	TextEncoder,
};
use salus_primitives::Verdict;
use std::time::Duration;

/// Everything that is counted.
pub struct Metrics {
	registry: Registry,
	requests: IntCounterVec,
	durations: HistogramVec,
	/// Shares released.
	pub permits: IntCounter,
	/// Releases denied and recorded.
	pub denials: IntCounter,
	/// Releases denied above the rate at which they are recorded.
	pub suppressed: IntCounter,
	/// Objects found damaged.
	pub damaged: IntCounter,
	/// Log entries that no final batch on chain holds.
	pub backlog: IntGauge,
	/// Log entries and batches that the chain refused.
	pub refused: IntCounter,
	/// Records erased because the chain says so.
	pub erasures: IntCounter,
	/// Rounds of following the chain's erasures that failed.
	pub erasures_failed: IntCounter,
	/// Objects of erased records that somebody else uploaded: they stay.
	pub objects_left: IntCounter,
	/// Proofs of units given.
	pub proofs: IntCounter,
	/// Questions for units that are not there.
	pub proof_misses: IntCounter,
	validations: IntCounterVec,
	/// Age of the final block in seconds; -1 while the node does not answer.
	pub finality_age: IntGauge,
	/// How long a batch of log entries took until it was final.
	pub batches: Histogram,
}

impl Metrics {
	/// All at zero.
	pub fn new() -> Result<Self, prometheus::Error> {
		let registry = Registry::new_custom(Some("salus_custodian".into()), None)?;
		let counter = |name, help| {
			let counter = IntCounter::new(name, help)?;
			registry.register(Box::new(counter.clone()))?;
			Ok::<_, prometheus::Error>(counter)
		};
		let gauge = |name, help| {
			let gauge = IntGauge::new(name, help)?;
			registry.register(Box::new(gauge.clone()))?;
			Ok::<_, prometheus::Error>(gauge)
		};
		let permits = counter("permits_total", "Key shares released.")?;
		let denials = counter("denials_total", "Releases denied and recorded.")?;
		let suppressed =
			counter("denials_suppressed_total", "Releases denied above the rate limit.")?;
		let damaged = counter("objects_damaged_total", "Reads that found an object damaged.")?;
		let refused = counter("log_refused_total", "Log entries that the chain refused.")?;
		let erasures = counter("erasures_total", "Records erased because the chain says so.")?;
		let erasures_failed =
			counter("erasures_failed_total", "Rounds of following erasures that failed.")?;
		let objects_left = counter(
			"objects_left_total",
			"Objects of erased records that stay because somebody else uploaded them.",
		)?;
		let proofs = counter("unit_proofs_total", "Proofs of units given.")?;
		let proof_misses = counter(
			"unit_proof_misses_total",
			"Questions for serials that no batch kept here has.",
		)?;
		let backlog = gauge("log_backlog", "Log entries that no final batch on chain holds.")?;
		let finality_age =
			gauge("finality_age_seconds", "Age of the final block; -1 while the node is silent.")?;
		finality_age.set(-1);

		let requests = IntCounterVec::new(
			Opts::new("requests_total", "Requests by method, route and status."),
			&["method", "route", "status"],
		)?;
		registry.register(Box::new(requests.clone()))?;
		let validations = IntCounterVec::new(
			Opts::new("validations_total", "Documents validated, by the worst verdict."),
			&["verdict"],
		)?;
		registry.register(Box::new(validations.clone()))?;
		let durations = HistogramVec::new(
			HistogramOpts::new(
				"request_seconds",
				"Time until an answer begins, by method and route.",
			),
			&["method", "route"],
		)?;
		registry.register(Box::new(durations.clone()))?;
		let batches = Histogram::with_opts(
			HistogramOpts::new("log_batch_seconds", "Time until a batch of log entries is final.")
				.buckets(vec![3.0, 6.0, 9.0, 12.0, 18.0, 30.0, 60.0, 120.0]),
		)?;
		registry.register(Box::new(batches.clone()))?;

		Ok(Self {
			registry,
			requests,
			durations,
			permits,
			denials,
			suppressed,
			damaged,
			backlog,
			refused,
			erasures,
			erasures_failed,
			objects_left,
			proofs,
			proof_misses,
			validations,
			finality_age,
			batches,
		})
	}

	/// Counts a request that was answered.
	pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
		self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
		self.durations.with_label_values(&[method, route]).observe(took.as_secs_f64());
	}

	/// Counts a document that was validated, by its worst verdict.
	pub fn validation(&self, worst: Verdict) {
		self.validations.with_label_values(&[worst.word()]).inc();
	}

	/// The text that Prometheus reads.
	pub fn text(&self) -> Result<String, prometheus::Error> {
		TextEncoder::new().encode_to_string(&self.registry.gather())
	}

	/// The same as an answer.
	pub(crate) fn response(&self) -> Response {
		match self.text() {
			Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
			Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
		}
	}
}
