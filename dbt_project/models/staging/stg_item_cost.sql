{{ stage('item_cost') }}
