moved {
  from = kubernetes_persistent_volume_claim.data["eu"]
  to   = kubernetes_persistent_volume_claim.data["europe"]
}
