{{ stage('delivery_line') }}
