// SPDX-License-Identifier: Apache-2.0

//! The object store under everything: a local directory, or any that `object_store` speaks to.
//!
//! Rows are written once and conditionally where two writers could meet. In a local directory a
//! write is durable when it returns: staged, synced, renamed, and every directory that got a new entry
//! synced, which `object_store` does when told to; removals are synced here. A remote store answers
//! when what it was given is durable.

use crate::error::{Error, Result};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
	ObjectStore, ObjectStoreExt, PutMode, PutOptions, local::LocalFileSystem, path::Path,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeSet, io, path::PathBuf, sync::Arc, time::Duration};

/// How old a staged upload must be before a start removes it: no upload lives that long.
const STALE_UPLOAD: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
	/// The directory cannot be made or read.
	#[error("the directory {path} cannot be used as a store: {source}")]
	Directory {
		/// Which.
		path: String,
		/// What the system says.
		source: io::Error,
	},
	/// The location is not understood.
	#[error("`{0}` is neither a directory nor the URL of a store: {1}")]
	Location(String, String),
}

/// A store and the place in it that is ours.
#[derive(Clone)]
pub struct Store {
	inner: Arc<dyn ObjectStore>,
	prefix: Path,
	/// Where it lies, when it is a local directory.
	directory: Option<PathBuf>,
	/// The bucket that it lies in, and where, when it is one.
	bucket: Option<(String, Path)>,
}

impl Store {
	/// Opens a local directory, made when missing, or a URL such as `s3://bucket/prefix`. Options of
	/// S3 come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …).
	pub fn open(location: &str) -> Result<Self, OpenError> {
		let Some((scheme, _)) = location.split_once("://") else {
			return Self::directory(location.into());
		};
		let unusable = |reason: String| OpenError::Location(location.into(), reason);
		let url = url::Url::parse(location).map_err(|error| unusable(error.to_string()))?;
		if scheme == "file" {
			let path = url.to_file_path().map_err(|()| unusable("no absolute path".into()))?;
			return Self::directory(path);
		}
		let options = std::env::vars().map(|(key, value)| (key.to_ascii_lowercase(), value));
		let (inner, prefix) = object_store::parse_url_opts(&url, options)
			.map_err(|error| unusable(error.to_string()))?;
		Ok(Self { inner: inner.into(), prefix, directory: None, bucket: bucket_of(&url) })
	}

	fn directory(path: PathBuf) -> Result<Self, OpenError> {
		let unusable = |source| OpenError::Directory { path: path.display().to_string(), source };
		make_private_directory(&path).and_then(|()| sync_entry(&path)).map_err(unusable)?;
		let inner = LocalFileSystem::new_with_prefix(&path)
			.map_err(|error| unusable(io::Error::other(error)))?
			.with_fsync(true);
		let (inner, prefix) = (Arc::new(inner), Path::default());
		Ok(Self { inner, prefix, directory: Some(path), bucket: None })
	}

	/// Whether `other` lies inside: in a local directory, or in the same bucket.
	pub(crate) fn holds(&self, other: &Self) -> bool {
		let real = |store: &Self| store.directory.as_ref()?.canonicalize().ok();
		if let (Some(outer), Some(inner)) = (real(self), real(other)) {
			return inner.starts_with(&outer);
		}
		match (&self.bucket, &other.bucket) {
			(Some((name, outer)), Some((other, inner))) => {
				name == other && inner.prefix_matches(outer)
			},
			_ => false,
		}
	}

	/// Takes a store as it is.
	pub fn over(inner: Arc<dyn ObjectStore>) -> Self {
		Self { inner, prefix: Path::default(), directory: None, bucket: None }
	}

	/// The store itself, for streams.
	pub(crate) fn inner(&self) -> &dyn ObjectStore {
		&*self.inner
	}

	/// A path of ours as the store has it.
	pub(crate) fn path(&self, path: &str) -> Path {
		self.prefix.parts().chain(Path::from(path).parts()).collect()
	}

	/// Writes a row that is not there yet. Gives whether it was not.
	pub(crate) async fn create(&self, path: &str, row: Bytes) -> Result<bool> {
		let options = PutOptions::from(PutMode::Create);
		match self.inner.put_opts(&self.path(path), row.into(), options).await {
			Ok(_) => Ok(true),
			Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
			Err(error) => Err(error.into()),
		}
	}

	/// Writes a row whether it is there or not.
	pub(crate) async fn replace(&self, path: &str, row: Bytes) -> Result<()> {
		self.inner.put(&self.path(path), row.into()).await?;
		Ok(())
	}

	/// Reads a row.
	pub(crate) async fn read(&self, path: &str) -> Result<Option<Bytes>> {
		match self.inner.get(&self.path(path)).await {
			Ok(found) => Ok(Some(found.bytes().await?)),
			Err(object_store::Error::NotFound { .. }) => Ok(None),
			Err(error) => Err(error.into()),
		}
	}

	/// Whether a row is there.
	pub(crate) async fn has(&self, path: &str) -> Result<bool> {
		match self.inner.head(&self.path(path)).await {
			Ok(_) => Ok(true),
			Err(object_store::Error::NotFound { .. }) => Ok(false),
			Err(error) => Err(error.into()),
		}
	}

	/// Removes a row, durably. That it is gone already is no failure.
	pub(crate) async fn remove(&self, path: &str) -> Result<()> {
		let path = self.path(path);
		match self.inner.delete(&path).await {
			Ok(()) | Err(object_store::Error::NotFound { .. }) => self.sync_parent(&path).await,
			Err(error) => Err(error.into()),
		}
	}

	/// A local file system forgets a removal in a crash unless the directory is synced.
	async fn sync_parent(&self, path: &Path) -> Result<()> {
		let Some(directory) = &self.directory else { return Ok(()) };
		let file = directory.join(path.as_ref());
		let synced = tokio::task::spawn_blocking(move || match file.parent() {
			Some(parent) if parent.exists() => std::fs::File::open(parent)?.sync_all(),
			_ => Ok(()),
		});
		synced.await.map_err(io::Error::other).flatten().map_err(local)
	}

	/// Reads a row of JSON.
	pub(crate) async fn read_json<R: DeserializeOwned>(&self, path: &str) -> Result<Option<R>> {
		let Some(bytes) = self.read(path).await? else { return Ok(None) };
		serde_json::from_slice(&bytes).map(Some).map_err(|_| Error::Row(path.into()))
	}

	/// The paths under `prefix`, in order, at most `limit` of those behind `after`. The last word
	/// says whether there are more. All of them are looked at, and no more than these held: for folders
	/// that do not grow without bound.
	pub(crate) async fn list(
		&self,
		prefix: &str,
		after: Option<&str>,
		limit: usize,
	) -> Result<(Vec<String>, bool)> {
		let prefix = self.path(prefix);
		let listed = match after {
			Some(after) => {
				let after: Path = prefix.parts().chain(Path::from(after).parts()).collect();
				self.inner.list_with_offset(Some(&prefix), &after)
			},
			None => self.inner.list(Some(&prefix)),
		};
		let mut listed = listed.try_filter_map(|meta| {
			let rest = meta.location.prefix_match(&prefix).map(|parts| {
				parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/")
			});
			std::future::ready(Ok(rest))
		});
		// Stores list in order, a local directory does not.
		let mut names = BTreeSet::new();
		while let Some(name) = listed.try_next().await? {
			names.insert(name);
			if names.len() > limit.saturating_add(1) {
				names.pop_last();
			}
		}
		let more = names.len() > limit;
		Ok((names.into_iter().take(limit).collect(), more))
	}

	/// The names of the folders in `prefix`, in order, from the one called `from` on.
	pub(crate) async fn folders(&self, prefix: &str, from: Option<&str>) -> Result<Vec<String>> {
		let prefix = self.path(prefix);
		let listed = match self.inner.list_with_delimiter(Some(&prefix)).await {
			Ok(listed) => listed.common_prefixes,
			Err(object_store::Error::NotFound { .. }) => Vec::new(),
			Err(error) => return Err(error.into()),
		};
		let names = listed.iter().filter_map(|path| path.parts().next_back());
		let mut names: Vec<String> = names.map(|name| name.as_ref().to_owned()).collect();
		names.retain(|name| from.is_none_or(|from| name.as_str() >= from));
		names.sort_unstable();
		Ok(names)
	}

	/// The paths under `prefix` one by one, in any order: memory does not grow with their number.
	pub(crate) fn walk(&self, prefix: &str) -> BoxStream<'static, Result<String>> {
		let prefix = self.path(prefix);
		let listed = self.inner.list(Some(&prefix));
		let named = listed.map_err(Error::from).try_filter_map(move |meta| {
			let rest = meta.location.prefix_match(&prefix).map(|parts| {
				parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/")
			});
			std::future::ready(Ok(rest))
		});
		named.boxed()
	}

	/// The first number from `from` on whose row is not there, where rows are numbered without gaps.
	/// Found without listing: gallop, then halve.
	pub(crate) async fn first_missing(
		&self,
		from: u64,
		path: impl Fn(u64) -> String,
	) -> Result<u64> {
		let (mut low, mut step) = (from, 1);
		while self.has(&path(low + step - 1)).await? {
			low += step;
			step *= 2;
		}
		// All below `low` are there, the one at `high` is not.
		let mut high = low + step - 1;
		while low < high {
			let middle = low + (high - low) / 2;
			if self.has(&path(middle)).await? {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		Ok(low)
	}

	/// Removes the folders under `prefix` whose names `is_old`.
	pub(crate) async fn sweep(
		&self,
		prefix: &str,
		is_old: impl Fn(&str) -> bool + Send + 'static,
	) -> Result<()> {
		if let Some(directory) = &self.directory {
			// The folders, too: there is one for each minute.
			let directory = directory.join(prefix);
			let removal = tokio::task::spawn_blocking(move || remove_folders(&directory, is_old));
			return removal.await.map_err(io::Error::other).flatten().map_err(local);
		}
		let prefix = self.path(prefix);
		let mut listed = self.inner.list(Some(&prefix));
		while let Some(meta) = listed.next().await {
			let location = meta?.location;
			let name = location.prefix_match(&prefix).and_then(|mut parts| parts.next());
			if name.is_some_and(|name| is_old(name.as_ref())) {
				match self.inner.delete(&location).await {
					Ok(()) | Err(object_store::Error::NotFound { .. }) => (),
					Err(error) => return Err(error.into()),
				}
			}
		}
		Ok(())
	}

	/// Removes uploads that a crash left staged in a local directory. A remote store has a rule of
	/// its own for unfinished uploads.
	pub(crate) async fn remove_stale_uploads(&self, prefix: &str) -> io::Result<usize> {
		let Some(directory) = &self.directory else { return Ok(0) };
		let directory = directory.join(prefix);
		let removal = tokio::task::spawn_blocking(move || remove_staged(&directory));
		removal.await.map_err(io::Error::other)?
	}
}

/// The bucket that a URL names and the place in it, however it is written: as `s3://bucket/place`, or
/// with the bucket in front of the host, or behind it. What lies in memory lies in none.
fn bucket_of(url: &url::Url) -> Option<(String, Path)> {
	let place = Path::from_url_path(url.path()).ok()?;
	let host = url.host_str()?;
	if matches!(url.scheme(), "s3" | "s3a") {
		return Some((host.into(), place));
	}
	if let Some((bucket, _)) = host.split_once(".s3.") {
		return Some((bucket.into(), place));
	}
	let mut parts = place.parts();
	let bucket = parts.next()?.as_ref().to_owned();
	Some((bucket, parts.collect()))
}

fn local(source: io::Error) -> Error {
	Error::Store(object_store::Error::Generic { store: "local", source: source.into() })
}

fn remove_folders(directory: &std::path::Path, is_old: impl Fn(&str) -> bool) -> io::Result<()> {
	let entries = match std::fs::read_dir(directory) {
		Ok(entries) => entries,
		Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
		Err(error) => return Err(error),
	};
	for entry in entries {
		let entry = entry?;
		if entry.file_name().to_str().is_some_and(&is_old) {
			std::fs::remove_dir_all(entry.path())?;
		}
	}
	Ok(())
}

/// `object_store` stages a file as its name, `#` and a number.
fn remove_staged(directory: &std::path::Path) -> io::Result<usize> {
	let entries = match std::fs::read_dir(directory) {
		Ok(entries) => entries,
		Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
		Err(error) => return Err(error),
	};
	let mut removed = 0;
	for entry in entries {
		let entry = entry?;
		if entry.file_type()?.is_dir() {
			removed += remove_staged(&entry.path())?;
			continue;
		}
		let is_staged = entry.file_name().to_string_lossy().contains('#');
		let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
		if is_staged && age > STALE_UPLOAD {
			std::fs::remove_file(entry.path())?;
			removed += 1;
		}
	}
	Ok(removed)
}

fn make_private_directory(path: &std::path::Path) -> io::Result<()> {
	let mut builder = std::fs::DirBuilder::new();
	builder.recursive(true);
	#[cfg(unix)]
	std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
	builder.create(path)
}

/// A directory that was just made is there after a crash only when the one around it is synced.
fn sync_entry(path: &std::path::Path) -> io::Result<()> {
	match path.canonicalize()?.parent() {
		#[cfg(unix)]
		Some(parent) => std::fs::File::open(parent)?.sync_all(),
		_ => Ok(()),
	}
}

/// A row as JSON.
pub(crate) fn json(row: &impl Serialize) -> Bytes {
	serde_json::to_vec(row).expect("rows have string keys and no fallible parts; qed").into()
}

#[cfg(test)]
mod tests;
