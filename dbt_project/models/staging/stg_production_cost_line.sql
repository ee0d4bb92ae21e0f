{{ stage('production_cost_line') }}
