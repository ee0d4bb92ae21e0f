{{ stage('stock_movement_line') }}
