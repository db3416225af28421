resource "google_compute_subnetwork" "work" {
  # In place of count, of count.index and of the list.
  for_each = {
    "north" = {
      ip_cidr_range = "10.0.0.0/24"
      region        = "europe-north1"
    }
    "south" = {
      ip_cidr_range = "10.0.2.0/24"
      region        = "europe-southwest1"
    }
  }
  name          = each.key
  ip_cidr_range = each.value.ip_cidr_range
  region        = each.value.region
}
moved {
  from = google_compute_subnetwork.work[0]
  to   = google_compute_subnetwork.work["north"]
}
moved {
  from = google_compute_subnetwork.work[1]
  to   = google_compute_subnetwork.work["west"]
}
moved {
  from = google_compute_subnetwork.work[2]
  to   = google_compute_subnetwork.work["south"]
}
