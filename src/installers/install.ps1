<#
  .SYNOPSIS
  Installs programs of a release for whoever runs it: finds the file for this machine, checks its SHA-256 against the
  one in this script, and puts its programs into a folder. It needs no administrator, and changes nothing else.
#>
param(
  # Folder to install into; default: Programs\NAME in the user's local data.
  [string]$To = '',
  # Install that release instead, with its own install.ps1.
  [string]$Version = '',
  # Folder with the files of this release, such as a mirror.
  [string]$From = '',
  # Only show what would be installed.
  [switch]$DryRun
)
# begin of the release
$release = @{ Name = 'tool'; Version = '1.2.3'; Url = ''; UrlTemplate = ''; Plus = '+' }
$files = @{}
# end of the release

function Install-Release {
  $ErrorActionPreference = 'Stop'
  # Windows PowerShell 5.1 shows progress so eagerly that downloads take minutes, and may not offer TLS 1.2.
  $ProgressPreference = 'SilentlyContinue'
  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  $wanted = $Version -replace '^v', ''
  if ($wanted -and $wanted -ne $release.Version) {
    if ($From) { throw "-From has the files of $($release.Version) only: leave out -Version" }
    if ($wanted -notmatch '^[0-9A-Za-z.+-]+$') { throw "$wanted is not a version, such as $($release.Version)" }
    $script = Get-Text "$($release.UrlTemplate.Replace('{version}', $wanted))/install.ps1"
    & ([scriptblock]::Create($script)) -To $To -DryRun:$DryRun
    return
  }

  $machine = Get-Machine | Where-Object { $files.ContainsKey($_) } | Select-Object -First 1
  if (-not $machine) {
    throw "$($release.Name) $($release.Version) is not released for this machine, but for $($files.Keys -join ' ')"
  }
  $file = $files[$machine]
  if (-not $To) { $To = Join-Path $env:LOCALAPPDATA "Programs\$($release.Name)" }
  $To = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($To)
  if ($From) { $url = "$($From.TrimEnd('/'))/$($file.Name)" }
  else { $url = "$($release.Url)/$($file.Name.Replace('+', $release.Plus))" }
  if ($DryRun) {
    "would download $url"
    "sha256 $($file.Sha256)"
    foreach ($program in $file.Programs) { "would install $(Join-Path $To $program.Name)" }
    return
  }

  $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
  $staged = @()
  [void](New-Item -ItemType Directory -Path $work)
  try {
    $packed = Join-Path $work $file.Name
    Write-Host "downloading $url"
    Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $packed
    $found = (Get-FileHash -Algorithm SHA256 -LiteralPath $packed).Hash.ToLowerInvariant()
    if ($found -ne $file.Sha256) {
      throw "$($file.Name) is not what was released: its sha256 is $found, not $($file.Sha256)"
    }
    $unpacked = Join-Path $work 'unpacked'
    [void](New-Item -ItemType Directory -Path $unpacked)
    switch ($file.Format) {
      'zip' { Expand-Archive -LiteralPath $packed -DestinationPath $unpacked }
      'tar.gz' {
        & tar.exe -xzf $packed -C $unpacked
        if ($LASTEXITCODE -ne 0) { throw "$($file.Name) cannot be unpacked" }
      }
      'none' { Move-Item -LiteralPath $packed -Destination (Join-Path $unpacked $file.Programs[0].Path) }
    }
    [void](New-Item -ItemType Directory -Force -Path $To)
    # Each program becomes visible in one step, when all of them lie there whole.
    foreach ($program in $file.Programs) {
      $new = Join-Path $To ".$($program.Name).$PID"
      $staged += $new
      Copy-Item -LiteralPath (Join-Path $unpacked $program.Path) -Destination $new
    }
    foreach ($program in $file.Programs) {
      $new = Join-Path $To ".$($program.Name).$PID"
      $place = Join-Path $To $program.Name
      if (Test-Path -LiteralPath $place -PathType Leaf) { [IO.File]::Replace($new, $place, [NullString]::Value) }
      else { [IO.File]::Move($new, $place) }
      Write-Host "installed $place"
    }
    if (($env:PATH -split ';') -notcontains $To) { Write-Host "$To is not on PATH" }
  }
  finally {
    foreach ($new in $staged) { Remove-Item -LiteralPath $new -Force -ErrorAction SilentlyContinue }
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
  }
}

# The machines whose programs this one runs, the best first: Windows on ARM runs the others' too.
function Get-Machine {
  $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  # A process that is itself emulated is told of the processor that is imitated.
  switch ((Get-ItemProperty -Path $key).PROCESSOR_ARCHITECTURE) {
    'ARM64' { 'windows/arm64', 'windows/amd64', 'windows/386' }
    'AMD64' { 'windows/amd64', 'windows/386' }
    'x86' { 'windows/386' }
    'ARM' { 'windows/arm/7', 'windows/arm/6', 'windows/arm/5' }
  }
}

function Get-Text([string]$url) {
  $content = (Invoke-WebRequest -UseBasicParsing -Uri $url).Content
  if ($content -is [byte[]]) { $content = [Text.Encoding]::UTF8.GetString($content) }
  $content
}

Install-Release
