resource "google_compute_instance" "app" {
  lifecycle {
    ignore_changes = [boot_image]
  }
}
