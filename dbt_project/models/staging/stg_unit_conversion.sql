{{ stage('unit_conversion') }}
