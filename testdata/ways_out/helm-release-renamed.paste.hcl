moved {
  from = helm_release.db
  to   = helm_release.postgres
}
