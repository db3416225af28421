removed {
  from = module.worker.google_cloud_run_v2_service.this
  lifecycle {
    destroy = false
  }
}
