terraform plan -out=tfplan -target='kubernetes_config_map.settings'
