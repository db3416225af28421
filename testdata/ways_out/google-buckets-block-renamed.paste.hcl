moved {
  from = google_storage_bucket.data
  to   = google_storage_bucket.lake
}
